namespace Swim.CSharp.Tests;

/// <summary>
/// Whatever arrives: an error code comes back, nothing is thrown, and what the member knows stays sane. Eight
/// random seeds of 25,000 inputs.
/// </summary>
public sealed class HandleDataFuzzTests
{
    private const int Inputs = 25_000;

    // Refused for what they are, before anything is applied.
    private static readonly SwimError[] Refusals =
    [
        SwimError.DataTooBig,
        SwimError.Decode,
        SwimError.MalformedPacket,
        SwimError.DataFromOurselves,
        SwimError.IndirectForOurselves,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Nothing_that_arrives_is_an_exception(int randomSeed)
    {
        var random = new Random(randomSeed);
        var config = SwimConfig.Lan(40) with { MaxPacketSize = 400, PeriodicAnnounce = null };
        var handler = new ScriptedHandler();
        handler.OnReceive = item => _ = item[0] < 8 ? throw new FormatException() : 0;
        var driver = new Driver(handler, config);
        var fuzzer = new PacketFuzzer(random, config.MaxPacketSize);
        var pending = new List<SwimTimer<NodeIdentity>>();
        var errors = new HashSet<SwimError>();

        for (var input = 1; input <= Inputs; input++)
        {
            errors.Add(Feed(driver, fuzzer));
            Collect(driver, pending);
            Step(driver, random, pending);
            Collect(driver, pending);

            if (input % 500 == 0)
            {
                AssertSane(driver.Instance.Snapshot);
                handler.Offered.Clear();
            }
        }

        // Else the inputs were not what they are meant to be.
        Assert.Superset(
            new HashSet<SwimError>(Refusals) { SwimError.None, SwimError.CustomBroadcast },
            errors
        );
    }

    private static SwimError Feed(Driver driver, PacketFuzzer fuzzer)
    {
        var before = driver.Instance.Snapshot;
        var (origin, data) = fuzzer.Next(before.Identity);
        var error = driver.Instance.HandleData(data, driver.Runtime);

        switch (origin)
        {
            case Origin.Noise or Origin.CutInTransit or Origin.DamagedInTransit:
                Assert.Equal(SwimError.Decode, error);
                break;
            case Origin.Oversized:
                Assert.Equal(SwimError.DataTooBig, error);
                break;
            case Origin.Good when data.Length <= driver.Instance.Config.MaxPacketSize:
                Assert.NotEqual(SwimError.Decode, error);
                Assert.NotEqual(SwimError.MalformedPacket, error);
                break;
        }

        if (Refusals.Contains(error))
        {
            Assert.Equal(0, driver.Runtime.Backlog);
            var after = driver.Instance.Snapshot;
            Assert.Equal(before.Identity, after.Identity);
            Assert.Equal(before.Incarnation, after.Incarnation);
            Assert.Equal(before.ConnectionState, after.ConnectionState);
            Assert.Equal(before.Members.Count, after.Members.Count);
            Assert.Equal(before.MembershipState.Count, after.MembershipState.Count);
            Assert.Equal(before.UpdatesBacklog, after.UpdatesBacklog);
            Assert.Equal(before.CustomBroadcastBacklog, after.CustomBroadcastBacklog);
        }

        return error;
    }

    // To take the packets decodes them: what is sent is always a packet that others can read.
    private static void Collect(Driver driver, List<SwimTimer<NodeIdentity>> pending)
    {
        foreach (var packet in driver.Packets())
        {
            Assert.Equal(driver.Instance.Identity.EndPoint, packet.Header.Source.EndPoint);
        }

        pending.AddRange(driver.Timers().Select(timer => timer.Timer));
        driver.Events();
    }

    // What the world does between packets: timers fire, in any order, and a defunct member is brought back.
    private static void Step(Driver driver, Random random, List<SwimTimer<NodeIdentity>> pending)
    {
        if (pending.Count > 0 && random.Next(4) == 0)
        {
            var at = random.Next(pending.Count);
            var error = driver.Instance.HandleTimer(pending[at], driver.Runtime);
            Assert.True(error is SwimError.None or SwimError.IncompleteProbeCycle, error.ToString());
            pending[at] = pending[^1];
            pending.RemoveAt(pending.Count - 1);
        }

        if (driver.Instance.ConnectionState == ConnectionState.Defunct && random.Next(50) == 0)
        {
            driver.Instance.ReuseDownIdentity(driver.Runtime);
        }
        else if (random.Next(2000) == 0)
        {
            driver.Instance.LeaveCluster(driver.Runtime);
        }
    }

    private static void AssertSane(SwimSnapshot<NodeIdentity> snapshot)
    {
        var all = snapshot.MembershipState.ToList();
        var active = snapshot.Members.ToList();
        Assert.Equal(all.Count, all.Select(member => member.Identity.EndPoint).Distinct().Count());
        Assert.DoesNotContain(all, member => member.Identity == snapshot.Identity);
        Assert.Equal(active.ToHashSet(), all.Where(member => member.IsActive).ToHashSet());
        Assert.All(all, member => Assert.True(Enum.IsDefined(member.Status)));
        Assert.All(all, member => Assert.True(member.IsActive || member.Incarnation == 0));
        Assert.All(all, member => Assert.True(snapshot.TryGetMember(member.Identity, out _)));

        if (snapshot.ConnectionState != ConnectionState.Defunct)
        {
            Assert.Equal(active.Count > 0, snapshot.ConnectionState == ConnectionState.Active);
            Assert.False(snapshot.HasLeft);
        }
    }
}
