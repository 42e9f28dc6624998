namespace Swim.Fuzz

open System
open Swim

/// The codec with one mistake in how it reads records, to see that the fuzzer finds it.
[<AbstractClass>]
type internal FaultyCodec() =
    let inner: ICodec<NodeIdentity> = NodeIdentityCodec.Instance

    /// Reads a record of which the true codec says that.
    abstract Read:
        source: ReadOnlySpan<byte> *
        isRecord: bool *
        record: byref<MemberRecord<NodeIdentity>> *
        bytesRead: byref<int> ->
            bool

    interface ICodec<NodeIdentity> with
        member _.GetHeaderSize header = inner.GetHeaderSize(&header)
        member _.EncodeHeader(header, destination) = inner.EncodeHeader(&header, destination)

        member _.TryDecodeHeader(source, header, bytesRead) =
            inner.TryDecodeHeader(source, &header, &bytesRead)

        member _.GetMemberSize record = inner.GetMemberSize(&record)
        member _.EncodeMember(record, destination) = inner.EncodeMember(&record, destination)

        member codec.TryDecodeMember(source, record, bytesRead) =
            let isRecord = inner.TryDecodeMember(source, &record, &bytesRead)
            codec.Read(source, isRecord, &record, &bytesRead)

[<RequireQualifiedAccess>]
module internal FaultyCodec =

    /// Throws where it should say no.
    let throwing () =
        { new FaultyCodec() with
            member _.Read(source, isRecord, _, _) =
                if not isRecord && source.Length < 18 then
                    raise (IndexOutOfRangeException())

                isRecord
        }

    /// Takes a status that no encoder writes for Down.
    let lenient () =
        { new FaultyCodec() with
            member _.Read(source, isRecord, record, bytesRead) =
                if not isRecord && source.Length >= 18 && source[0] = 4uy && source[17] = 3uy then
                    let copy = source.Slice(0, 18).ToArray()
                    copy[17] <- 2uy

                    (NodeIdentityCodec.Instance :> ICodec<_>)
                        .TryDecodeMember(ReadOnlySpan copy, &record, &bytesRead)
                else
                    isRecord
        }

    /// Sets memory aside by what the network says.
    let greedy () =
        { new FaultyCodec() with
            member _.Read(_, isRecord, record, _) =
                if isRecord then
                    GC.KeepAlive(Array.zeroCreate<byte>(int record.Incarnation))

                isRecord
        }

    /// Says that it read one byte less than it did.
    let short () =
        { new FaultyCodec() with
            member _.Read(_, isRecord, _, bytesRead) =
                bytesRead <- bytesRead - 1
                isRecord
        }
