/// The identities that inputs are about.
[<RequireQualifiedAccess>]
module internal Swim.Fuzz.FuzzIdentity

open System.Net
open Swim

/// The member with that number, at an IPv4 endpoint.
let at (number: int) (generation: uint64) : NodeIdentity =
    let address = IPAddress [| 10uy; 0uy; byte (number >>> 8); byte number |]
    NodeIdentity(IPEndPoint(address, 7946), generation)

/// The member with that number, at an IPv6 endpoint.
let atIPv6 (number: int) (generation: uint64) : NodeIdentity =
    let bytes = Array.zeroCreate 16
    bytes[0] <- 0xFDuy
    bytes[15] <- byte number
    NodeIdentity(IPEndPoint(IPAddress bytes, 7946), generation)

/// Our identity before a step; so is the destination of most packets.
let us = at 1 1000UL

/// The identity of a peer that is known to some states.
let peer (number: int) : NodeIdentity = if number % 5 = 0 then atIPv6 number 10UL else at number 10UL

/// Another life at the same endpoint.
let inLife (generation: uint64) (identity: NodeIdentity) = NodeIdentity(identity.EndPoint, generation)
