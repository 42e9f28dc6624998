namespace Swim.Core

open System.Numerics

/// A node of a hash trie from 32-bit hashes to positions. It holds entries (hash in the high half, position in
/// the low half) and children, both dense, each with a bit map of the branches, of 32, that they are for. Below
/// the last level a node holds the entries of one full hash.
[<AllowNullLiteral; Sealed>]
type internal IndexNode(owner: Owner) =
    member _.Owner = owner
    member val EntryMap = 0u with get, set
    member val ChildMap = 0u with get, set
    member val Entries: uint64[] = [||] with get, set
    member val Children: IndexNode[] = [||] with get, set

/// A persistent index from the hashes of a table to its positions. It keeps no keys; the table compares them.
/// Several positions may have one hash.
[<RequireQualifiedAccess>]
module internal HashIndex =

    let private lastLevel = 30

    let private entry (hash: uint32) (position: int) : uint64 =
        (uint64 hash <<< 32) ||| uint64 (uint32 position)

    let private hashOf (entry: uint64) = uint32 (entry >>> 32)
    let private positionOf (entry: uint64) = int (uint32 entry)

    /// Spreads a weak hash over all 32 bits.
    let private mix (hash: int) : uint32 =
        let mutable h = uint32 hash
        h <- (h ^^^ (h >>> 16)) * 0x85EBCA6Bu
        h <- (h ^^^ (h >>> 13)) * 0xC2B2AE35u
        h ^^^ (h >>> 16)

    let private bit (hash: uint32) level = 1u <<< int ((hash >>> level) &&& 31u)
    let private rank (map: uint32) (bit: uint32) = BitOperations.PopCount(map &&& (bit - 1u))

    let private insertAt index (value: 'T) (array: 'T[]) : 'T[] =
        let result = Array.zeroCreate (array.Length + 1)
        Array.blit array 0 result 0 index
        result[index] <- value
        Array.blit array index result (index + 1) (array.Length - index)
        result

    let private removeAt index (array: 'T[]) : 'T[] =
        let result = Array.zeroCreate (array.Length - 1)
        Array.blit array 0 result 0 index
        Array.blit array (index + 1) result index (result.Length - index)
        result

    let private own (owner: Owner) (node: IndexNode) : IndexNode =
        if obj.ReferenceEquals(node.Owner, owner) then
            node
        else
            IndexNode(
                owner,
                EntryMap = node.EntryMap,
                ChildMap = node.ChildMap,
                Entries = Array.copy node.Entries,
                Children = Array.copy node.Children
            )

    let empty () : IndexNode = IndexNode(Owner())

    /// The position number `ordinal` under `hash`, or -1 if there are not so many.
    let find (hash: int) (ordinal: int) (root: IndexNode) : int =
        let hash = mix hash
        let mutable node = root
        let mutable level = 0
        let mutable found = -2

        while found = -2 do
            if level > lastLevel then
                found <- if ordinal < node.Entries.Length then positionOf node.Entries[ordinal] else -1
            else
                let branch = bit hash level

                if node.EntryMap &&& branch <> 0u then
                    let candidate = node.Entries[rank node.EntryMap branch]

                    found <- if hashOf candidate = hash && ordinal = 0 then positionOf candidate else -1
                elif node.ChildMap &&& branch <> 0u then
                    node <- node.Children[rank node.ChildMap branch]
                    level <- level + 5
                else
                    found <- -1

        found

    /// The first position under `hash` for which `isIt` is true, or -1.
    let inline findWhere (hash: int) ([<InlineIfLambda>] isIt: int -> bool) (root: IndexNode) : int =
        let mutable ordinal = 0
        let mutable position = find hash 0 root

        while position >= 0 && not (isIt position) do
            ordinal <- ordinal + 1
            position <- find hash ordinal root

        position

    let rec private insert owner (added: uint64) level (node: IndexNode) : IndexNode =
        let node = own owner node

        if level > lastLevel then
            node.Entries <- insertAt node.Entries.Length added node.Entries
        else
            let branch = bit (hashOf added) level
            let entryRank = rank node.EntryMap branch
            let childRank = rank node.ChildMap branch

            if node.ChildMap &&& branch <> 0u then
                node.Children[childRank] <- insert owner added (level + 5) node.Children[childRank]
            elif node.EntryMap &&& branch <> 0u then
                // Two entries on one branch both move one level down.
                let child =
                    IndexNode(owner)
                    |> insert owner node.Entries[entryRank] (level + 5)
                    |> insert owner added (level + 5)

                node.EntryMap <- node.EntryMap &&& ~~~branch
                node.Entries <- removeAt entryRank node.Entries
                node.ChildMap <- node.ChildMap ||| branch
                node.Children <- insertAt childRank child node.Children
            else
                node.EntryMap <- node.EntryMap ||| branch
                node.Entries <- insertAt entryRank added node.Entries

        node

    let rec private delete owner (removed: uint64) level (node: IndexNode) : IndexNode =
        let node = own owner node

        if level > lastLevel then
            node.Entries <- Array.filter (fun other -> other <> removed) node.Entries
        else
            let branch = bit (hashOf removed) level
            let entryRank = rank node.EntryMap branch
            let childRank = rank node.ChildMap branch

            if node.ChildMap &&& branch <> 0u then
                let child = delete owner removed (level + 5) node.Children[childRank]

                if child.Children.Length = 0 && child.Entries.Length = 1 then
                    // A branch with one entry left needs no node of its own.
                    node.ChildMap <- node.ChildMap &&& ~~~branch
                    node.Children <- removeAt childRank node.Children
                    node.EntryMap <- node.EntryMap ||| branch
                    node.Entries <- insertAt entryRank child.Entries[0] node.Entries
                else
                    node.Children[childRank] <- child
            elif node.EntryMap &&& branch <> 0u && node.Entries[entryRank] = removed then
                node.EntryMap <- node.EntryMap &&& ~~~branch
                node.Entries <- removeAt entryRank node.Entries

        node

    let rec private rewrite owner (before: uint64) (after: uint64) level (node: IndexNode) : IndexNode =
        let node = own owner node
        let branch = if level > lastLevel then 0u else bit (hashOf before) level

        if node.ChildMap &&& branch <> 0u then
            let childRank = rank node.ChildMap branch
            node.Children[childRank] <- rewrite owner before after (level + 5) node.Children[childRank]
        else
            let index =
                if level > lastLevel then
                    Array.findIndex (fun other -> other = before) node.Entries
                else
                    rank node.EntryMap branch

            node.Entries[index] <- after

        node

    /// Adds `position` under `hash`.
    let add (owner: Owner) (hash: int) (position: int) (root: IndexNode) : IndexNode =
        insert owner (entry (mix hash) position) 0 root

    /// Removes `position` from `hash`.
    let remove (owner: Owner) (hash: int) (position: int) (root: IndexNode) : IndexNode =
        delete owner (entry (mix hash) position) 0 root

    /// Replaces the position `before` under `hash` by `after`.
    let move (owner: Owner) (hash: int) (before: int) (after: int) (root: IndexNode) : IndexNode =
        let mixed = mix hash
        rewrite owner (entry mixed before) (entry mixed after) 0 root
