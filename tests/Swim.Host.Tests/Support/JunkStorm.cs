using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Swim.Host.Tests.Support;

/// <summary>What a storm has sent.</summary>
/// <param name="Junk">Datagrams that no node may accept.</param>
/// <param name="TooLong">Of those, the ones that are longer than packets may be.</param>
/// <param name="Replays">Copies of valid packets.</param>
internal readonly record struct StormFigures(long Junk, long TooLong, long Replays)
{
    public long All => Junk + Replays;
}

/// <summary>
/// Sends random bytes, valid packets cut short, valid packets with flipped bits, and valid packets again, at a
/// steady pace.
/// </summary>
internal sealed class JunkStorm(IReadOnlyList<byte[]> captured, int maxPacketSize, int perSecond)
    : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Random _random = new(1);
    private readonly byte[] _buffer = new byte[65_507];
    private long _junk;
    private long _tooLong;
    private long _replays;

    /// <summary>How long a storm lasts: a few seconds, or what the environment says.</summary>
    public static TimeSpan Duration { get; } =
        TimeSpan.FromSeconds(
            double.TryParse(Environment.GetEnvironmentVariable("SWIM_JUNK_SECONDS"), out var seconds)
                ? seconds
                : 5
        );

    public async Task<StormFigures> RunAsync(IPEndPoint target, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();

        // A pace, not a wait for anything: a sender without one would measure how the system drops datagrams.
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));

        while (clock.Elapsed < duration)
        {
            var due = (long)(clock.Elapsed.TotalSeconds * perSecond);

            while (_junk + _replays < due)
            {
                var length = Next();
                _socket.SendTo(_buffer.AsSpan(0, length), SocketFlags.None, target);
            }

            await pace.WaitForNextTickAsync(Deadline.Token);
        }

        return new StormFigures(_junk, _tooLong, _replays);
    }

    public void Dispose() => _socket.Dispose();

    private int Next()
    {
        var original = captured[_random.Next(captured.Count)];
        var kind = _random.Next(8);
        var length = kind switch
        {
            0 => Noise(_random.Next(0, 64)),
            1 => Noise(_random.Next(0, maxPacketSize + 1)),
            2 => NoiseAfterGoodStart(original),
            3 => TooLong(),
            4 or 5 => CutShort(original),
            6 => Flip(original),
            _ => Copy(original),
        };

        if (kind == 7)
        {
            _replays++;
        }
        else
        {
            _junk++;
        }

        return length;
    }

    private int Noise(int length)
    {
        _random.NextBytes(_buffer.AsSpan(0, length));
        return length;
    }

    private int TooLong()
    {
        _tooLong++;
        return Noise(_random.Next(maxPacketSize + 1, maxPacketSize * 3));
    }

    /// <summary>Magic, version and checksum of a valid packet, then noise.</summary>
    private int NoiseAfterGoodStart(byte[] original)
    {
        var length = Noise(_random.Next(8, maxPacketSize + 1));
        original.AsSpan(0, 7).CopyTo(_buffer);
        return length;
    }

    private int CutShort(byte[] original) => _random.Next(Copy(original));

    private int Flip(byte[] original)
    {
        var length = Copy(original);

        // The checksum is certain to show up to three flips in a packet of this size.
        var places = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => _random.Next(length * 8)).Distinct();

        foreach (var place in places)
        {
            _buffer[place / 8] ^= (byte)(1 << (place % 8));
        }

        return length;
    }

    private int Copy(byte[] original)
    {
        original.CopyTo(_buffer, 0);
        return original.Length;
    }
}
