namespace Swim.Core

/// What is believed of a member. Alive and Suspect members are *active*.
type Status =
    /// The member takes part.
    | Alive = 0uy
    /// A probe of the member failed; it is Down soon unless it refutes.
    | Suspect = 1uy
    /// The member crashed, left, or was declared down. Terminal for its identity.
    | Down = 2uy

/// A member record (R2.1): the unit of what members tell each other.
[<Struct>]
type Member<'Id> =
    {
        /// Who this is about.
        Identity: 'Id
        /// How often the member refuted a suspicion under this identity; 0 in every Down record
        /// (R12.8).
        Incarnation: uint16
        /// What is believed of it.
        Status: Status
    }

/// The order of member records: what replaces what (R2.2, R12.8).
[<RequireQualifiedAccess>]
module Member =

    /// A record as the protocol keeps it: Down has incarnation 0 (R12.8), so that merging is
    /// idempotent, commutative and associative.
    let create (identity: 'Id) (incarnation: uint16) (status: Status) : Member<'Id> =
        {
            Identity = identity
            Incarnation = (if status = Status.Down then 0us else incarnation)
            Status = status
        }

    /// An Alive record.
    let alive (identity: 'Id) (incarnation: uint16) : Member<'Id> = create identity incarnation Status.Alive

    /// A Suspect record.
    let suspect (identity: 'Id) (incarnation: uint16) : Member<'Id> =
        create identity incarnation Status.Suspect

    /// A Down record.
    let down (identity: 'Id) : Member<'Id> = create identity 0us Status.Down

    /// Whether a record with this status counts as taking part.
    let isActiveStatus (status: Status) : bool = status = Status.Alive || status = Status.Suspect

    /// Whether the record counts as taking part (R2.1).
    let isActive (record: Member<'Id>) : bool = isActiveStatus record.Status

    /// R2.2: whether `update` replaces `known`, both about the same identity.
    let supersedes (known: Member<'Id>) (update: Member<'Id>) : bool =
        match known.Status, update.Status with
        | Status.Down, _ -> false
        | _, Status.Down -> true
        | Status.Alive, Status.Suspect -> update.Incarnation >= known.Incarnation
        | _ -> update.Incarnation > known.Incarnation
