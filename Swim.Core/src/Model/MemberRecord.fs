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
    /// The member crashed, left, or was declared Down. Final for its identity.
    | Down = 2uy

/// What one member believes of another (R2.1), and the unit in which members tell it to each other. foca's
/// `Member`.
[<Struct; IsReadOnly; NoComparison>]
type MemberRecord<'TIdentity> =
    {
        /// The member that the record is about.
        Identity: 'TIdentity
        /// How often the member refuted a suspicion under this identity, from 0 to 65,535; 0 in every Down
        /// record (R12.8).
        Incarnation: uint16
        /// Whether the member is believed to be Alive, Suspect or Down.
        Status: MemberStatus
    }

    /// Whether the member takes part: it is Alive or Suspect.
    member record.IsActive = record.Status < MemberStatus.Down

    /// The identity, the status and the incarnation, for logs.
    override record.ToString() =
        String.Concat(record.Identity, " ", String.Concat(record.Status, " at ", record.Incarnation))

    /// Whether the two records are equal in every field.
    static member op_Equality(left: MemberRecord<'TIdentity>, right: MemberRecord<'TIdentity>) : bool =
        EqualityComparer<MemberRecord<'TIdentity>>.Default.Equals(left, right)

    /// Whether the two records differ in a field.
    static member op_Inequality(left: MemberRecord<'TIdentity>, right: MemberRecord<'TIdentity>) : bool =
        not (EqualityComparer<MemberRecord<'TIdentity>>.Default.Equals(left, right))

namespace Swim.Core

open Swim

/// Making and comparing member records (R2.2, R12.8).
[<RequireQualifiedAccess>]
module MemberRecord =

    /// A record as the protocol keeps it: Down has incarnation 0, so that merging is idempotent, commutative and
    /// associative (R12.8).
    let normal (record: MemberRecord<'Id>) : MemberRecord<'Id> =
        if record.Status = MemberStatus.Down && record.Incarnation <> 0us then
            { record with Incarnation = 0us }
        else
            record

    /// A record of these parts, as the protocol keeps it.
    let create (identity: 'Id) (incarnation: uint16) (status: MemberStatus) : MemberRecord<'Id> =
        normal { Identity = identity; Incarnation = incarnation; Status = status }

    /// An Alive record.
    let alive (identity: 'Id) (incarnation: uint16) : MemberRecord<'Id> =
        create identity incarnation MemberStatus.Alive

    /// A Suspect record.
    let suspect (identity: 'Id) (incarnation: uint16) : MemberRecord<'Id> =
        create identity incarnation MemberStatus.Suspect

    /// A Down record.
    let down (identity: 'Id) : MemberRecord<'Id> = create identity 0us MemberStatus.Down

    /// Whether a record with this status is active.
    let isActiveStatus (status: MemberStatus) : bool = status < MemberStatus.Down

    /// Whether the record is active (R2.1).
    let isActive (record: MemberRecord<'Id>) : bool = isActiveStatus record.Status

    /// R2.2: whether `update` replaces `known`, both about the same identity. By reference, as most updates that
    /// arrive are known already, and nothing else is done with them.
    let internal supersedesByRef (known: inref<MemberRecord<'Id>>) (update: inref<MemberRecord<'Id>>) : bool =
        match known.Status, update.Status with
        | MemberStatus.Down, _ -> false
        | _, MemberStatus.Down -> true
        | MemberStatus.Alive, MemberStatus.Suspect -> update.Incarnation >= known.Incarnation
        | _ -> update.Incarnation > known.Incarnation

    /// R2.2: whether `update` replaces `known`, both about the same identity.
    let supersedes (known: MemberRecord<'Id>) (update: MemberRecord<'Id>) : bool =
        supersedesByRef &known &update
