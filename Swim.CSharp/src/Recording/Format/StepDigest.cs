using Swim.Core;

namespace Swim.Recording.Format;

/// <summary>
/// A checksum of the outcome of a step: all its effects, and so much of the state after it that different states are
/// unlikely to have the same digests from then on. Of custom broadcasts only the length counts.
/// </summary>
/// <remarks>It reuses its buffer, so it is for one thread at a time.</remarks>
/// <param name="codec">The codec of identities.</param>
internal sealed class StepDigest<TIdentity>(ICodec<TIdentity> codec)
{
    private readonly ByteWriter _writer = new(4096);

    /// <summary>The digest of one step. For many steps, keep an instance and call <see cref="Compute"/>.</summary>
    public static uint Of(ICodec<TIdentity> codec, State<TIdentity> after, Effects<TIdentity> effects) =>
        new StepDigest<TIdentity>(codec).Compute(after, effects);

    /// <summary>The digest of a step.</summary>
    public uint Compute(State<TIdentity> after, Effects<TIdentity> effects)
    {
        _writer.Clear();
        WriteState(after);

        for (var index = 0; index < effects.Count; index++)
        {
            WriteEffect(effects[index]);
        }

        return Crc32C.Of(_writer.Written);
    }

    private void WriteState(State<TIdentity> after)
    {
        _writer.UInt64(after.Random.Seed);
        _writer.Varint(after.Token);
        _writer.Varint(after.Incarnation);
        _writer.Byte((byte)after.Connection);
        _writer.Varint((ulong)after.Members.Count);
        _writer.Varint((ulong)after.Members.ActiveCount);
        _writer.Varint((ulong)after.Tombstones.Count);
        _writer.Varint((ulong)after.Updates.Count);
        _writer.Varint((ulong)after.Broadcasts.Count);
        _writer.Varint(after.Probe.Number);
        _writer.Varint((ulong)after.Claims.Renewals);
        _writer.Varint((ulong)after.Claims.Reminded.Length);
        _writer.Varint((ulong)after.Health.Score);
        _writer.Flag(after.Health.IsImpaired);
        _writer.Varint((ulong)after.Health.Helped.Length);
        _writer.Varint(after.DownQuestions.Sequence);
    }

    private void WriteEffect(Effect<TIdentity> effect)
    {
        switch (effect)
        {
            case Effect<TIdentity>.Send send:
                _writer.Byte((byte)EffectKind.Send);
                WritePacket(send.Item);
                break;
            case Effect<TIdentity>.Schedule schedule:
                _writer.Byte((byte)EffectKind.Schedule);
                _writer.WriteTimer(codec, schedule.timer);
                _writer.Varint((ulong)schedule.after.Ticks);
                break;
            case Effect<TIdentity>.Notify notify:
                _writer.Byte((byte)EffectKind.Notify);
                WriteEvent(notify.Item);
                break;
            case Effect<TIdentity>.OfferBroadcast offer:
                _writer.Byte((byte)EffectKind.OfferBroadcast);
                _writer.WriteIdentity(codec, offer.sender);
                _writer.Varint((ulong)offer.payload.Length);
                break;
            case Effect<TIdentity>.Report report:
                _writer.Byte((byte)EffectKind.Report);
                _writer.Varint((ulong)report.Item);
                break;
            default:
                throw new RecordingException($"The format has no effect {effect}.");
        }
    }

    private void WritePacket(in Packet<TIdentity> packet)
    {
        var header = packet.Header;
        codec.EncodeHeader(header, _writer.Take(codec.GetHeaderSize(header)));
        _writer.WriteRecords(codec, packet.Updates);
        _writer.Varint((ulong)packet.Broadcasts.Count);

        foreach (var payload in packet.Broadcasts.AsSpan())
        {
            _writer.Varint((ulong)payload.Length);
        }
    }

    private void WriteEvent(in SwimEvent<TIdentity> occurred)
    {
        _writer.Byte((byte)occurred.Kind);
        _writer.Byte((byte)occurred.Cause);
        WriteSide(occurred.HasBefore, occurred.Before);
        WriteSide(occurred.HasAfter, occurred.After);
    }

    private void WriteSide(bool isThere, in MemberRecord<TIdentity> record)
    {
        _writer.Flag(isThere);

        if (isThere)
        {
            _writer.WriteRecord(codec, record);
        }
    }
}
