namespace Swim.Simulation.Tests

open System
open Swim
open Swim.Simulation

/// An identity that is encoded as the default one. Members with an odd number can renew it, those with an
/// even number cannot: once declared Down they stay Down (R5.3), until an Announce re-admits them (R12.7).
[<Struct; CustomEquality; NoComparison>]
type MixedIdentity =
    {
        Inner: NodeIdentity
    }

    override identity.Equals other =
        match other with
        | :? MixedIdentity as other -> identity.Inner = other.Inner
        | _ -> false

    override identity.GetHashCode() = identity.Inner.GetHashCode()

    override identity.ToString() =
        let kind = if identity.Inner.Port % 2 = 1 then "" else "!"
        $"{identity.Inner}{kind}"

    interface IEquatable<MixedIdentity> with
        member identity.Equals other = identity.Inner = other.Inner

    interface IIdentity<MixedIdentity> with
        member identity.HasSameAddress other = identity.Inner.HasSameAddress other.Inner
        member identity.GetAddressHashCode() = identity.Inner.GetAddressHashCode()
        member identity.WinsAddressConflict other = identity.Inner.WinsAddressConflict other.Inner

        member identity.TryRenew(renewed: byref<MixedIdentity>) =
            let mutable next = Unchecked.defaultof<NodeIdentity>
            let canRenew = identity.Inner.Port % 2 = 1 && identity.Inner.TryRenew &next
            renewed <- { Inner = next }
            canRenew

/// The identities of the members of a case.
type Identities =
    /// `NodeIdentity`: all members can renew it.
    | Renewing
    /// `MixedIdentity`: every other member cannot renew it.
    | Mixed

[<RequireQualifiedAccess>]
module MixedIdentity =

    let private real = NodeIdentityCodec.Instance :> ICodec<NodeIdentity>

    let private headerOf (header: PacketHeader<MixedIdentity>) : PacketHeader<NodeIdentity> =
        {
            Source = header.Source.Inner
            SourceIncarnation = header.SourceIncarnation
            Destination = header.Destination.Inner
            Kind = header.Kind
            Named = header.Named.Inner
            ProbeNumber = header.ProbeNumber
            Health = header.Health
        }

    let private accuserOf (inner: 'Other -> 'Id) (accuser: Accuser<'Other>) : Accuser<'Id> =
        if isNull accuser then null else Accuser(inner accuser.Identity)

    let private memberOf (record: MemberRecord<MixedIdentity>) : MemberRecord<NodeIdentity> =
        {
            Identity = record.Identity.Inner
            Incarnation = record.Incarnation
            Status = record.Status
            Accuser = accuserOf _.Inner record.Accuser
        }

    let private codec =
        { new ICodec<MixedIdentity> with
            member _.GetHeaderSize(header) =
                let inner = headerOf header
                real.GetHeaderSize &inner

            member _.EncodeHeader(header, destination) =
                let inner = headerOf header
                real.EncodeHeader(&inner, destination)

            member _.TryDecodeHeader(source, header, bytesRead) =
                let mutable inner = Unchecked.defaultof<PacketHeader<NodeIdentity>>
                let isGood = real.TryDecodeHeader(source, &inner, &bytesRead)

                header <-
                    {
                        Source = { Inner = inner.Source }
                        SourceIncarnation = inner.SourceIncarnation
                        Destination = { Inner = inner.Destination }
                        Kind = inner.Kind
                        Named = { Inner = inner.Named }
                        ProbeNumber = inner.ProbeNumber
                        Health = inner.Health
                    }

                isGood

            member _.GetMemberSize(record) =
                let inner = memberOf record
                real.GetMemberSize &inner

            member _.EncodeMember(record, destination) =
                let inner = memberOf record
                real.EncodeMember(&inner, destination)

            member _.TryDecodeMember(source, record, bytesRead) =
                let mutable inner = Unchecked.defaultof<MemberRecord<NodeIdentity>>
                let isGood = real.TryDecodeMember(source, &inner, &bytesRead)

                record <-
                    {
                        Identity = { Inner = inner.Identity }
                        Incarnation = inner.Incarnation
                        Status = inner.Status
                        Accuser = accuserOf (fun identity -> { Inner = identity }) inner.Accuser
                    }

                isGood
        }

    /// The scheme of clusters of such members.
    let scheme: IdentityScheme<MixedIdentity> =
        {
            Identity = fun node generation -> { Inner = IdentityScheme.node.Identity node generation }
            NodeOf = fun identity -> IdentityScheme.node.NodeOf identity.Inner
            GenerationOf = fun identity -> IdentityScheme.node.GenerationOf identity.Inner
            Codec = codec
        }
