namespace Swim.Core

/// A timer, which the host gives back to the core when it is due. Timers of one life of the connection carry its
/// token; with an old token they do nothing (R4.5). Tokens never wrap (R12.10).
type Timer<'Id> =
    /// R7.2: the probe period is over.
    | ProbeRandomMember of token: uint64
    /// R7.3: no direct answer came in time.
    | SendIndirectProbe of probed: 'Id * token: uint64
    /// R7.5: a suspicion expired, if so many other members confirmed it by then; always at 0 (R14.2).
    | ChangeSuspectToDown of suspect: 'Id * incarnation: uint16 * confirmations: int * token: uint64
    /// R8.4: announces to active members.
    | PeriodicAnnounce of token: uint64
    /// R8.4, R12.3: announces to Down members.
    | PeriodicAnnounceDown of token: uint64
    /// R8.4: gossips.
    | PeriodicGossip of token: uint64
    /// R7.6: a Down member is to be forgotten.
    | RemoveDown of identity: 'Id * incarnation: uint16
    /// R12.7: a tombstone expires.
    | RemoveTombstone of sequence: uint64
    /// R13.5: renewals of our identity are counted anew.
    | ResetRenewals
    /// R13.6: senders that call us by an old name may be answered again.
    | ResetReminders
    /// R14.1: a helper's ping for `origin` was not answered in time.
    | SendNack of origin: 'Id * probeNumber: uint32
    /// R15.2: a Down member is to be asked whether it is back.
    | AskDown of sequence: uint64
