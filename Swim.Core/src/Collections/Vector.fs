namespace Swim.Core

/// Ownership of new nodes. A step makes one owner; a node that carries it was made in that step and cannot be
/// seen outside it yet, so it may be changed in place. After the step the owner is dropped, and its nodes never
/// change again.
[<AllowNullLiteral; Sealed>]
type internal Owner() = class end

/// An inner node of the trie, with its children. Above the leaves these are the leaves, which are plain arrays.
[<AllowNullLiteral; Sealed>]
type internal VectorNode<'T>(owner: Owner, children: VectorNode<'T>[], leaves: 'T[][]) =
    member _.Owner = owner
    member val Children = children with get, set
    member val Leaves = leaves with get, set

    /// The leaves that the owner made, as a bit map.
    member val OwnLeaves = 0u with get, set

/// The shape of the trie. Leaves are narrow, as most steps change one value of a leaf and have to copy the rest
/// of it. Inner nodes are wide, as each level costs a read.
module internal VectorShape =

    [<Literal>]
    let LeafBits = 3

    [<Literal>]
    let InnerBits = 5

    [<Literal>]
    let LeafMask = 7

    [<Literal>]
    let InnerMask = 31

/// A persistent sequence (a trie of wide nodes): lookup, update, append and removal at the end cost a few array
/// reads at any length. Old versions stay valid.
[<Sealed>]
type Vector<'T> internal (count: int, shift: int, root: VectorNode<'T>) =

    /// The number of values.
    member _.Count = count

    /// The shift that gives the child of the root for an index.
    member internal _.Shift = shift

    member internal _.Root = root

    member internal _.LeafOf(index: int) : 'T[] =
        let mutable node = root
        let mutable level = shift

        while level > VectorShape.LeafBits do
            node <- node.Children[(index >>> level) &&& VectorShape.InnerMask]
            level <- level - VectorShape.InnerBits

        node.Leaves[(index >>> VectorShape.LeafBits) &&& VectorShape.InnerMask]

    /// The value at `index`, from 0 to `Count` - 1.
    member vector.Item
        with get (index: int): 'T = vector.LeafOf(index)[index &&& VectorShape.LeafMask]

    /// A reference to the value at `index`, without a copy.
    member internal vector.Reference(index: int) : inref<'T> =
        &vector.LeafOf(index)[index &&& VectorShape.LeafMask]

[<RequireQualifiedAccess>]
module internal Vector =

    /// The largest number of values below a root with this shift.
    let private capacity shift = (VectorShape.InnerMask + 1) <<< shift

    let private emptyNode owner : VectorNode<'T> = VectorNode(owner, [||], [||])

    /// The node itself if this step made it, otherwise a copy that this step owns.
    let private own (owner: Owner) level (node: VectorNode<'T>) : VectorNode<'T> =
        if obj.ReferenceEquals(node.Owner, owner) then
            node
        elif level = VectorShape.LeafBits then
            VectorNode(owner, [||], Array.copy node.Leaves)
        else
            VectorNode(owner, Array.copy node.Children, [||])

    let private slotAt level index = (index >>> level) &&& VectorShape.InnerMask

    let private isFirstAt level index = index &&& ((1 <<< level) - 1) = 0

    let private withLast (array: 'A[]) (value: 'A) : 'A[] =
        let longer = Array.zeroCreate (array.Length + 1)
        Array.blit array 0 longer 0 array.Length
        longer[array.Length] <- value
        longer

    /// The leaf at a slot of a node that this step owns, to be changed.
    let private ownLeaf (node: VectorNode<'T>) slot : 'T[] =
        let bit = 1u <<< slot

        if slot = node.Leaves.Length then
            node.Leaves <- withLast node.Leaves (Array.zeroCreate (VectorShape.LeafMask + 1))
        elif node.OwnLeaves &&& bit = 0u then
            node.Leaves[slot] <- Array.copy node.Leaves[slot]

        node.OwnLeaves <- node.OwnLeaves ||| bit
        node.Leaves[slot]

    let rec private write owner level (node: VectorNode<'T>) index value : VectorNode<'T> =
        let node = own owner level node
        let slot = slotAt level index

        if level = VectorShape.LeafBits then
            (ownLeaf node slot)[index &&& VectorShape.LeafMask] <- value
        else
            let below = level - VectorShape.InnerBits

            if slot = node.Children.Length then
                node.Children <- withLast node.Children (write owner below (emptyNode owner) index value)
            else
                node.Children[slot] <- write owner below node.Children[slot] index value

        node

    /// Takes the last value away, with the nodes that it leaves empty.
    let rec private clear owner level (node: VectorNode<'T>) index : VectorNode<'T> =
        let node = own owner level node
        let slot = slotAt level index

        if level = VectorShape.LeafBits then
            if isFirstAt level index then
                node.Leaves <- Array.sub node.Leaves 0 slot
                node.OwnLeaves <- node.OwnLeaves &&& ~~~(1u <<< slot)
            else
                (ownLeaf node slot)[index &&& VectorShape.LeafMask] <- Unchecked.defaultof<'T>
        elif isFirstAt level index then
            node.Children <- Array.sub node.Children 0 slot
        else
            node.Children[slot] <- clear owner (level - VectorShape.InnerBits) node.Children[slot] index

        node

    let empty<'T> () : Vector<'T> = Vector(0, VectorShape.LeafBits, emptyNode (Owner()))

    let set (owner: Owner) (index: int) (value: 'T) (vector: Vector<'T>) : Vector<'T> =
        let root = write owner vector.Shift vector.Root index value

        if obj.ReferenceEquals(root, vector.Root) then
            vector
        else
            Vector(vector.Count, vector.Shift, root)

    let push (owner: Owner) (value: 'T) (vector: Vector<'T>) : Vector<'T> =
        let index = vector.Count

        if index = capacity vector.Shift then
            let shift = vector.Shift + VectorShape.InnerBits
            let root = VectorNode(owner, [| vector.Root |], [||])
            Vector(index + 1, shift, write owner shift root index value)
        else
            Vector(index + 1, vector.Shift, write owner vector.Shift vector.Root index value)

    let ofArray (owner: Owner) (values: 'T[]) : Vector<'T> =
        Array.fold (fun vector value -> push owner value vector) (empty ()) values

    /// Without the last value; the vector must not be empty.
    let pop (owner: Owner) (vector: Vector<'T>) : Vector<'T> =
        let count = vector.Count - 1
        let below = vector.Shift - VectorShape.InnerBits

        if vector.Shift > VectorShape.LeafBits && count = capacity below then
            Vector(count, below, vector.Root.Children[0])
        else
            Vector(count, vector.Shift, clear owner vector.Shift vector.Root count)
