using System.Reflection;

namespace Swim.Repository.Tests;

/// <summary>
/// The README says where everything of foca's page is. These tests hold it to that: nothing of the page
/// is missing from its table, and nothing in its tables is missing from the library.
/// </summary>
public sealed class ReadmeTests
{
    private const string Foca = "From foca to C#";
    private const string Additions = "Additions";

    // Every `pub fn` of foca's page.
    private static readonly string[] Operations =
    [
        "new",
        "with_custom_broadcast",
        "identity",
        "reuse_down_identity",
        "change_identity",
        "iter_members",
        "num_members",
        "iter_membership_state",
        "apply_many",
        "announce",
        "gossip",
        "broadcast",
        "leave_cluster",
        "add_broadcast",
        "handle_timer",
        "updates_backlog",
        "custom_broadcast_backlog",
        "set_config",
        "handle_data",
    ];

    // Every other `fn`, which its traits give to any Rust type.
    private static readonly string[] TraitFunctions =
    [
        "fmt",
        "type_id",
        "borrow",
        "borrow_mut",
        "from",
        "instrument",
        "in_current_span",
        "into",
        "try_from",
        "try_into",
        "with_subscriber",
        "with_current_subscriber",
    ];

    // Every type, trait, variant and field that the page names.
    private static readonly string[] Named =
    [
        "Foca",
        "Identity",
        "Identity::Addr",
        "Codec",
        "Codec::Error",
        "Rng",
        "BroadcastHandler",
        "BroadcastHandler::Key",
        "BroadcastHandler::Error",
        "BroadcastHandler::should_add_broadcast_data",
        "NoCustomBroadcast",
        "Runtime",
        "Runtime::submit_after",
        "Config",
        "Config::num_indirect_probes",
        "Config::max_transmissions",
        "Config::remove_down_after",
        "Config::probe_period",
        "Config::probe_rtt",
        "Config::periodic_",
        "Error",
        "Error::InvalidConfig",
        "Result",
        "Member",
        "Timer",
        "Message::Announce",
        "Message::Feed",
        "Message::Gossip",
        "Notification::Active",
        "Iterator",
        "ExactSizeIterator",
        "Debug",
        "Freeze",
        "RefUnwindSafe",
        "Send",
        "Sync",
        "Unpin",
        "UnwindSafe",
        "Any",
        "Borrow",
        "BorrowMut",
        "From",
        "Instrument",
        "Into",
        "TryFrom",
        "TryInto",
        "Infallible",
        "WithSubscriber",
    ];

    [Fact]
    public void Everything_of_foca_is_in_the_table()
    {
        var listed = ApiTable.Below(Foca).SelectMany(row => row.Names).ToHashSet();
        Offenders.AssertNone([
            .. Operations.Concat(TraitFunctions).Concat(Named).Where(name => !listed.Contains(name)),
        ]);
    }

    [Fact]
    public void Every_operation_is_a_member_of_the_instance()
    {
        var rows = ApiTable.Below(Foca).Where(row => row.Names.Intersect(Operations).Any()).ToList();
        Assert.Equal(Operations.Length, rows.Count);
        Assert.All(
            rows,
            row => Assert.StartsWith("SwimInstance<TIdentity>.", row.Members[0], StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_row_has_a_member_or_says_why_there_is_none()
    {
        foreach (var row in ApiTable.Below(Foca).Concat(ApiTable.Below(Additions)))
        {
            Assert.True(
                row.Members.Length > 0 || row.Note.Length > 20,
                $"{row.Names[0]}: neither a member nor a reason"
            );
        }
    }

    [Fact]
    public void Every_member_in_the_tables_exists()
    {
        var additions = ApiTable.Below(Additions).SelectMany(row => row.Names);
        var members = ApiTable.Below(Foca).SelectMany(row => row.Members).Concat(additions).ToList();
        Offenders.AssertNone(members.Where(member => !ApiTable.Exists(member)));
        Assert.True(members.Count > 60);
    }

    [Theory]
    [InlineData("SwimInstance<TIdentity>.Announce", true)]
    [InlineData("SwimInstance<TIdentity>.ctor", true)]
    [InlineData("SwimConfig", true)]
    [InlineData("SwimInstance<TIdentity>.Announced", false)]
    [InlineData("SwimInstance.Announce", false)]
    [InlineData("SwimInstance<TIdentity, TKey>", false)]
    [InlineData("PacketCodec<TIdentity>", false)]
    [InlineData("SwimInstance<TIdentity>.Step", false)]
    public void The_check_knows_what_exists(string member, bool exists) =>
        Assert.Equal(exists, ApiTable.Exists(member));

    [Fact]
    public void Every_public_member_of_the_instance_is_in_a_table()
    {
        var listed = ApiTable
            .Below(Foca)
            .SelectMany(row => row.Members)
            .Concat(ApiTable.Below(Additions).SelectMany(row => row.Names))
            .ToHashSet();

        var declared = typeof(SwimInstance<>)
            .GetMembers(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly
            )
            .Where(member => member is not MethodInfo { IsSpecialName: true } and not ConstructorInfo)
            .Select(member => $"SwimInstance<TIdentity>.{member.Name}");

        Offenders.AssertNone(declared.Where(member => !listed.Contains(member)));
    }

    [Fact]
    public void Every_public_type_is_in_a_table()
    {
        var listed = ApiTable
            .Below(Foca)
            .SelectMany(row => row.Members)
            .Concat(ApiTable.Below(Additions).SelectMany(row => row.Names))
            .Select(member => member.Split('<', '.')[0])
            .ToHashSet();

        var types = PublicSurface.Types.Select(type => type.Name.Split('`')[0]).ToList();
        Offenders.AssertNone(types.Where(type => !listed.Contains(type)));
        Assert.Contains("SwimConfig", types);
    }
}
