namespace Swim

open System
open System.Collections.Generic
open System.Runtime.CompilerServices

/// What a member believes of another (R2.1). Alive and Suspect members are *active*.
type MemberStatus =
    /// The member takes part.
    | Alive = 0uy
    /// A probe of the member failed. It is declared Down when the suspicion expires, unless it refutes (R7.5).
    | Suspect = 1uy
    /// The member crashed, left, or was declared Down. A Down member that did not leave can refute (R13.3), unless
    /// `DownIsFinal`.
    | Down = 2uy

/// The member that raised a suspicion, by a probe of its own that failed (R14.2).
[<Sealed; AllowNullLiteral>]
type Accuser<'TIdentity>(identity: 'TIdentity) =

    /// The identity of the member.
    member _.Identity = identity

    override _.Equals(other: obj) =
        match other with
        | :? Accuser<'TIdentity> as other -> Object.Equals(box identity, box other.Identity)
        | _ -> false

    override _.GetHashCode() = HashCode.Combine identity

    /// The identity, for logs.
    override _.ToString() = String.Concat(box identity, "")

/// What one member believes of another (R2.1), and the unit in which members tell it to each other. foca's
/// `Member`.
[<Struct; IsReadOnly; NoComparison>]
type MemberRecord<'TIdentity> =
    {
        /// The member that the record is about.
        Identity: 'TIdentity
        /// How often the member refuted under this identity, from 0 to 65,534. In a Down record, the incarnation at
        /// which it was declared Down, or 65,535 if it left (R13.2). With `DownIsFinal`, from 0 to 65,535, and 0 in
        /// every Down record (R12.8).
        Incarnation: uint16
        /// Whether the member is believed to be Alive, Suspect or Down.
        Status: MemberStatus
        /// Who raised the suspicion (R14.2); null in a record that is not Suspect, and where suspicions are not
        /// confirmed. It has no part in the order of records.
        Accuser: Accuser<'TIdentity>
    }

    /// Whether the member takes part: it is Alive or Suspect.
    member record.IsActive = record.Status < MemberStatus.Down

    /// Whether the member left, or continued under another identity: nothing of this identity comes back (R13.2).
    /// False in every record of a cluster with `DownIsFinal`, in which crashed and left members look the same.
    member record.HasLeft = record.Status = MemberStatus.Down && record.Incarnation = UInt16.MaxValue

    /// The identity, the status and the incarnation, for logs.
    override record.ToString() =
        if record.HasLeft then
            String.Concat(record.Identity, " left")
        else
            let accused = if isNull record.Accuser then "" else " by " + record.Accuser.ToString()

            String.Concat(
                String.Concat(record.Identity, " ", record.Status),
                String.Concat(" at ", record.Incarnation),
                accused
            )

    /// Whether the two records are equal in every field.
    static member op_Equality(left: MemberRecord<'TIdentity>, right: MemberRecord<'TIdentity>) : bool =
        EqualityComparer<MemberRecord<'TIdentity>>.Default.Equals(left, right)

    /// Whether the two records differ in a field.
    static member op_Inequality(left: MemberRecord<'TIdentity>, right: MemberRecord<'TIdentity>) : bool =
        not (EqualityComparer<MemberRecord<'TIdentity>>.Default.Equals(left, right))

namespace Swim.Core

open Swim

/// Making and comparing member records (R2.2, R12.8, R13.1). There are two orders; `downIsFinal` says which.
[<RequireQualifiedAccess>]
module MemberRecord =

    /// The highest incarnation. With a Down that can be refuted it is reserved for those that left (R13.2).
    [<Literal>]
    let Highest = 65535us

    /// The highest incarnation of a member that takes part: it can refute no suspicion of this one (R12.9, R13.2).
    let lastIncarnation (downIsFinal: bool) : uint16 = if downIsFinal then Highest else Highest - 1us

    /// A record as the protocol keeps it. If Down is final, its incarnation is 0 (R12.8). If it can be refuted, the
    /// highest incarnation belongs to those that left, and an active record has the one below it (R13.2).
    let normal (downIsFinal: bool) (record: MemberRecord<'Id>) : MemberRecord<'Id> =
        if downIsFinal then
            if record.IsActive || record.Incarnation = 0us then
                record
            else
                { record with Incarnation = 0us }
        elif record.IsActive && record.Incarnation = Highest then
            { record with Incarnation = Highest - 1us }
        else
            record

    /// A record of these parts.
    let create (identity: 'Id) (incarnation: uint16) (status: MemberStatus) : MemberRecord<'Id> =
        {
            Identity = identity
            Incarnation = incarnation
            Status = status
            Accuser = null
        }

    /// An Alive record.
    let alive (identity: 'Id) (incarnation: uint16) : MemberRecord<'Id> =
        create identity incarnation MemberStatus.Alive

    /// A Suspect record.
    let suspect (identity: 'Id) (incarnation: uint16) : MemberRecord<'Id> =
        create identity incarnation MemberStatus.Suspect

    /// A Suspect record that names who raised the suspicion (R14.2).
    let accused (identity: 'Id) (incarnation: uint16) (accuser: 'Id) : MemberRecord<'Id> =
        { suspect identity incarnation with Accuser = Accuser accuser }

    /// A Down record: the member was declared Down at that incarnation.
    let down (identity: 'Id) (incarnation: uint16) : MemberRecord<'Id> =
        create identity incarnation MemberStatus.Down

    /// The record of a member that left (R13.2).
    let left (identity: 'Id) : MemberRecord<'Id> = down identity Highest

    /// Whether a record with this status is active.
    let isActiveStatus (status: MemberStatus) : bool = status < MemberStatus.Down

    /// Whether the record is active (R2.1).
    let isActive (record: MemberRecord<'Id>) : bool = isActiveStatus record.Status

    /// R2.2, R13.1: whether `update` replaces `known`, both about the same identity. By reference, as most updates
    /// that arrive are known already, and nothing else is done with them.
    let internal supersedesByRef
        (downIsFinal: bool)
        (known: inref<MemberRecord<'Id>>)
        (update: inref<MemberRecord<'Id>>)
        : bool =
        if not downIsFinal then
            update.Incarnation > known.Incarnation
            || (update.Incarnation = known.Incarnation && update.Status > known.Status)
        else
            match known.Status, update.Status with
            | MemberStatus.Down, _ -> false
            | _, MemberStatus.Down -> true
            | MemberStatus.Alive, MemberStatus.Suspect -> update.Incarnation >= known.Incarnation
            | _ -> update.Incarnation > known.Incarnation

    /// R2.2, R13.1: whether `update` replaces `known`, both about the same identity.
    let supersedes (downIsFinal: bool) (known: MemberRecord<'Id>) (update: MemberRecord<'Id>) : bool =
        supersedesByRef downIsFinal &known &update
