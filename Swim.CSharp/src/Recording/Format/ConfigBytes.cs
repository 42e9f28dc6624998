namespace Swim.Recording.Format;

/// <summary>A configuration in a recording: durations in ticks of 100 ns, everything as varints.</summary>
internal static class ConfigBytes
{
    public static void Write(ByteWriter writer, SwimConfig config)
    {
        Write(writer, config.ProbePeriod);
        Write(writer, config.ProbeRtt);
        Write(writer, config.IndirectProbes);
        Write(writer, config.MaxTransmissions);
        Write(writer, config.SuspectToDownAfter);
        Write(writer, config.RemoveDownAfter);
        Write(writer, config.MaxPacketSize);
        writer.Flag(config.NotifyDownMembers);
        writer.Flag(config.DownIsFinal);
        Write(writer, config.TransmissionMultiplier);
        Write(writer, config.SuspicionMultiplier);
        Write(writer, config.SuspicionConfirmations);
        Write(writer, config.MaxSuspicionFactor);
        Write(writer, config.MaxLocalHealth);
        writer.Flag(config.AccountableAccusers);
        writer.Flag(config.NotifySuspects);
        writer.Flag(config.AskDownEarly);
        Write(writer, config.PeriodicAnnounce);
        Write(writer, config.PeriodicAnnounceToDown);
        Write(writer, config.PeriodicGossip);
    }

    // Arguments are evaluated from left to right, in the order in which they were written.
    public static SwimConfig Read(ref ByteReader reader) =>
        new(
            ReadDuration(ref reader),
            ReadDuration(ref reader),
            reader.Int32(),
            reader.Int32(),
            ReadDuration(ref reader),
            ReadDuration(ref reader),
            reader.Int32(),
            reader.Flag(),
            reader.Flag(),
            reader.Int32(),
            reader.Int32(),
            reader.Int32(),
            reader.Int32(),
            reader.Int32(),
            reader.Flag(),
            reader.Flag(),
            reader.Flag(),
            ReadPeriodic(ref reader),
            ReadPeriodic(ref reader),
            ReadPeriodic(ref reader)
        );

    private static void Write(ByteWriter writer, int value)
    {
        if (value < 0)
        {
            throw new RecordingException($"A configuration must not have negative numbers, but has {value}.");
        }

        writer.Varint((ulong)value);
    }

    private static void Write(ByteWriter writer, TimeSpan value)
    {
        if (value < TimeSpan.Zero)
        {
            throw new RecordingException(
                $"A configuration must not have negative durations, but has {value}."
            );
        }

        writer.Varint((ulong)value.Ticks);
    }

    private static void Write(ByteWriter writer, PeriodicSetting? setting)
    {
        writer.Flag(setting is not null);

        if (setting is { } periodic)
        {
            Write(writer, periodic.Frequency);
            Write(writer, periodic.Members);
        }
    }

    private static TimeSpan ReadDuration(ref ByteReader reader) => TimeSpan.FromTicks(reader.Int64());

    private static PeriodicSetting? ReadPeriodic(ref ByteReader reader) =>
        reader.Flag() ? new PeriodicSetting(ReadDuration(ref reader), reader.Int32()) : null;
}
