namespace Swim.Simulation

open System.Net
open Swim

/// How a run maps members to identities and back, and how identities are encoded.
[<NoEquality; NoComparison>]
type IdentityScheme<'Id when 'Id: equality and 'Id :> IIdentity<'Id>> =
    {
        /// The identity of a member, given its number and its generation. Generation 0 stands for whichever
        /// generation runs at that address.
        Identity: int -> int -> 'Id
        /// The number of the member that an identity belongs to.
        NodeOf: 'Id -> int
        /// The generation of an identity.
        GenerationOf: 'Id -> int
        Codec: ICodec<'Id>
    }

[<RequireQualifiedAccess>]
module IdentityScheme =

    let private address = IPAddress [| 10uy; 0uy; 0uy; 1uy |]

    /// The identities of real members: all at one address, the port is the member's number.
    let node: IdentityScheme<NodeIdentity> =
        {
            Identity = fun node generation -> NodeIdentity(IPEndPoint(address, node), uint64 generation)
            NodeOf = _.Port
            GenerationOf = fun identity -> int identity.Generation
            Codec = NodeIdentityCodec.Instance
        }

    /// The identities for very large runs.
    let compact: IdentityScheme<CompactIdentity> =
        {
            Identity = fun node generation -> { Node = node; Generation = generation }
            NodeOf = _.Node
            GenerationOf = _.Generation
            Codec = CompactCodec()
        }
