namespace Swim.Core

/// Ownership of freshly made nodes. A step makes one; a node that carries it was made in that step,
/// no one else can see it yet, and so it may be changed in place. Once the step is over the token is
/// dropped and its nodes never change again.
[<AllowNullLiteral; Sealed>]
type internal Edit() = class end

[<AllowNullLiteral; Sealed>]
type internal VectorNode<'T>(owner: Edit, children: VectorNode<'T>[], values: 'T[]) =
    member _.Owner = owner
    member _.Children = children
    member _.Values = values

/// The shape of the trie. Leaves are narrow, for most steps change one value of a leaf and have to copy
/// the rest of it; inner nodes are wide, for each level costs a read.
module internal VectorShape =

    [<Literal>]
    let LeafBits = 3

    [<Literal>]
    let InnerBits = 5

    [<Literal>]
    let LeafMask = 7

    [<Literal>]
    let InnerMask = 31

/// A persistent sequence: lookup, update, append and removal at the end cost a few array reads at
/// any length (a trie of wide nodes). Old versions stay valid.
[<Sealed>]
type Vector<'T> internal (count: int, shift: int, root: VectorNode<'T>) =

    /// How many values there are.
    member _.Count = count

    member internal _.Shift = shift
    member internal _.Root = root

    /// The value at `index`, from 0 to `Count` - 1.
    member _.Item
        with get (index: int): 'T =
            let mutable node = root
            let mutable level = shift

            while level > 0 do
                node <- node.Children[(index >>> level) &&& VectorShape.InnerMask]
                level <- (if level = VectorShape.LeafBits then 0 else level - VectorShape.InnerBits)

            node.Values[index &&& VectorShape.LeafMask]

[<RequireQualifiedAccess>]
module internal Vector =

    // The shift of the level above the leaves; a vector that is one leaf has shift 0, and the levels above
    // go on from LeafBits in steps of InnerBits.
    let private below level = if level = VectorShape.LeafBits then 0 else level - VectorShape.InnerBits

    let private above level = if level = 0 then VectorShape.LeafBits else level + VectorShape.InnerBits

    let private capacity shift =
        if shift = 0 then
            VectorShape.LeafMask + 1
        else
            (VectorShape.InnerMask + 1) <<< shift

    let private emptyLeaf (edit: Edit) : VectorNode<'T> =
        VectorNode(edit, Unchecked.defaultof<_>, Array.zeroCreate (VectorShape.LeafMask + 1))

    let private emptyInner (edit: Edit) : VectorNode<'T> =
        VectorNode(edit, Array.zeroCreate (VectorShape.InnerMask + 1), Unchecked.defaultof<_>)

    /// The node itself if this step made it, else a copy that this step owns.
    let private own (edit: Edit) (node: VectorNode<'T>) : VectorNode<'T> =
        if obj.ReferenceEquals(node.Owner, edit) then
            node
        elif isNull (box node.Children) then
            VectorNode(edit, node.Children, Array.copy node.Values)
        else
            VectorNode(edit, Array.copy node.Children, node.Values)

    let rec private write edit level (node: VectorNode<'T>) index value : VectorNode<'T> =
        if level = 0 then
            let leaf = if isNull node then emptyLeaf edit else own edit node
            leaf.Values[index &&& VectorShape.LeafMask] <- value
            leaf
        else
            let inner = if isNull node then emptyInner edit else own edit node
            let slot = (index >>> level) &&& VectorShape.InnerMask
            inner.Children[slot] <- write edit (below level) inner.Children[slot] index value
            inner

    let rec private clear edit level (node: VectorNode<'T>) index : VectorNode<'T> =
        let owned = own edit node

        if level = 0 then
            owned.Values[index &&& VectorShape.LeafMask] <- Unchecked.defaultof<'T>
        else
            let slot = (index >>> level) &&& VectorShape.InnerMask

            if index &&& ((1 <<< level) - 1) = 0 then
                owned.Children[slot] <- null
            else
                owned.Children[slot] <- clear edit (below level) owned.Children[slot] index

        owned

    let empty<'T> () : Vector<'T> = Vector(0, 0, emptyLeaf (Edit()))

    let set (edit: Edit) (index: int) (value: 'T) (vector: Vector<'T>) : Vector<'T> =
        let root = write edit vector.Shift vector.Root index value

        if obj.ReferenceEquals(root, vector.Root) then
            vector
        else
            Vector(vector.Count, vector.Shift, root)

    let push (edit: Edit) (value: 'T) (vector: Vector<'T>) : Vector<'T> =
        let index = vector.Count

        if index = capacity vector.Shift then
            let root = emptyInner edit
            root.Children[0] <- vector.Root
            let shift = above vector.Shift
            Vector(index + 1, shift, write edit shift root index value)
        else
            Vector(index + 1, vector.Shift, write edit vector.Shift vector.Root index value)

    /// Without the last value; the vector must not be empty.
    let pop (edit: Edit) (vector: Vector<'T>) : Vector<'T> =
        let count = vector.Count - 1

        if vector.Shift > 0 && count = capacity (below vector.Shift) then
            Vector(count, below vector.Shift, vector.Root.Children[0])
        else
            Vector(count, vector.Shift, clear edit vector.Shift vector.Root count)
