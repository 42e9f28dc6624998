using Microsoft.FSharp.Collections;
using Swim.Core;

namespace Swim.Recording.Format;

/// <summary>Writes all that a member knows, so that it can continue from there.</summary>
/// <typeparam name="TIdentity">The identity of members.</typeparam>
/// <param name="codec">The codec of identities.</param>
/// <param name="keepsPayloads">Whether custom broadcasts are written as they are, or as zeros.</param>
internal sealed class CheckpointWriter<TIdentity>(ICodec<TIdentity> codec, bool keepsPayloads)
{
    /// <summary>Writes a configuration and a state. Linear in what the member knows.</summary>
    public void Write(ByteWriter writer, SwimConfig config, State<TIdentity> state)
    {
        ConfigBytes.Write(writer, config);
        var image = Checkpoint.ofState(state);
        writer.WriteIdentity(codec, image.Identity);
        writer.Varint(image.Incarnation);
        writer.Byte((byte)image.Connection);
        writer.Flag(image.HasLeft);
        writer.Flag(image.AwaitingActive);
        writer.Flag(image.AnnouncesToDown);
        writer.Varint(image.Token);
        writer.UInt64(image.RandomSeed);
        WriteMembers(writer, image.Members);
        writer.Varint((ulong)image.Cursor);
        WriteTombstones(writer, image);
        writer.WriteRecords(codec, image.Updates.Items);
        WritePiles(writer, image.Updates.Piles);
        WritePayloads(writer, image.Broadcasts.Items);
        WritePiles(writer, image.Broadcasts.Piles);
        WriteProbe(writer, image.Probe);
        WriteReply(writer, image);
        WriteClaims(writer, image.Claims);
        WriteHealth(writer, image.Health);
        writer.Varint(image.DownQuestions.Sequence);
        writer.Flag(image.DownQuestions.IsPending);
        writer.Varint((ulong)image.DownQuestions.Age.Ticks);
    }

    private void WriteMembers(ByteWriter writer, Row<TIdentity>[] rows)
    {
        writer.Varint((ulong)rows.Length);

        foreach (var row in rows)
        {
            writer.WriteRecord(codec, Row.record(row));
            writer.Byte(row.Health);
            writer.Byte(row.LinkFaults);
            writer.Flag(row.Suspicion is not null);

            if (row.Suspicion is { } suspicion)
            {
                writer.Varint((ulong)suspicion.Wanted);
                writer.Varint((ulong)suspicion.Pending);
                writer.Varint((ulong)suspicion.Shortest.Ticks);
                writer.Varint((ulong)suspicion.Longest.Ticks);
                WriteIdentities(writer, suspicion.Accusers);
            }
        }
    }

    private void WriteHealth(ByteWriter writer, LocalHealth<TIdentity> health)
    {
        writer.Varint((ulong)health.Score);
        writer.Flag(health.IsImpaired);
        writer.Varint((ulong)health.Helped.Length);

        foreach (var helped in health.Helped)
        {
            writer.WriteIdentity(codec, helped.Origin);
            writer.WriteIdentity(codec, helped.Target);
            writer.Varint(helped.Number);
        }
    }

    private void WriteIdentities(ByteWriter writer, FSharpList<TIdentity> identities)
    {
        writer.Varint((ulong)identities.Length);

        foreach (var identity in identities)
        {
            writer.WriteIdentity(codec, identity);
        }
    }

    private void WriteClaims(ByteWriter writer, AddressClaims<TIdentity> claims)
    {
        writer.Varint((ulong)claims.Renewals);
        writer.Flag(claims.IsNotified);
        WriteIdentities(writer, claims.Reminded);
    }

    private void WriteTombstones(ByteWriter writer, Checkpoint<TIdentity> image)
    {
        writer.Varint(image.NextTombstone);
        writer.Varint((ulong)image.Tombstones.Length);

        foreach (var stone in image.Tombstones)
        {
            writer.Varint(stone.Sequence);
            writer.WriteIdentity(codec, stone.Identity);
            writer.Varint(stone.Incarnation);
        }
    }

    private void WritePayloads(ByteWriter writer, BroadcastItem[] items)
    {
        writer.Varint((ulong)items.Length);

        // Keys are not written: what the key of a later item says of each waiting item is recorded with that item.
        foreach (var item in items)
        {
            writer.Varint((ulong)item.Payload.Length);
            var room = writer.Take(item.Payload.Length);
            room.Clear();

            if (keepsPayloads)
            {
                item.Payload.Span.CopyTo(room);
            }
        }
    }

    private static void WritePiles(ByteWriter writer, PileCheckpoint[] piles)
    {
        writer.Varint((ulong)piles.Length);

        foreach (var pile in piles)
        {
            writer.Varint((ulong)pile.TransmissionsLeft);
            writer.Varint((ulong)pile.Size);
            writer.Varint((ulong)pile.Slots.Length);

            foreach (var slot in pile.Slots)
            {
                writer.Varint((ulong)(slot + 1));
            }
        }
    }

    private void WriteProbe(ByteWriter writer, Probe<TIdentity> probe)
    {
        writer.Varint(probe.Number);
        writer.Flag(probe.Target.IsSome);

        if (probe.Target.IsSome)
        {
            writer.WriteRecord(codec, probe.Target.Value);
        }

        writer.Byte((byte)probe.Answer);
        writer.Flag(probe.ReachedIndirect);
        WriteIdentities(writer, probe.Helpers);
        WriteIdentities(writer, probe.Nacks);
    }

    private void WriteReply(ByteWriter writer, Checkpoint<TIdentity> image)
    {
        writer.Flag(image.PendingReply.IsSome);

        if (image.PendingReply.IsSome)
        {
            var header = image.PendingReply.Value;
            codec.EncodeHeader(header, writer.Take(codec.GetHeaderSize(header)));
        }
    }
}
