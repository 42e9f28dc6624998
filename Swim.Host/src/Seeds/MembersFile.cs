using System.Globalization;
using System.Net;
using System.Text;

namespace Swim.Host;

/// <summary>
/// The file of a node's remembered members, in lines of text: a head with the version, the node's own generation, an
/// endpoint a line, and at the end their count, so that a file that was cut off shows.
/// </summary>
internal static class MembersFile
{
    private const string Head = "swim-members 1";
    private const string Own = "generation ";
    private const string End = "end ";

    // A hundred lines of at most some fifty characters; anything longer is something else.
    private const int MaxBytes = 1 << 16;

    /// <summary>What the file holds.</summary>
    public sealed record Content(ulong Generation, IReadOnlyList<IPEndPoint> Members);

    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">It is damaged, or something else; the message says where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Content Read(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
        {
            throw new FormatException($"it is longer than {MaxBytes} bytes");
        }

        var lines = File.ReadAllLines(path);

        if (lines.Length < 3 || lines[0] != Head)
        {
            throw new FormatException($"it does not begin with '{Head}'");
        }

        if (
            !lines[1].StartsWith(Own, StringComparison.Ordinal)
            || !ulong.TryParse(
                lines[1][Own.Length..],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var generation
            )
        )
        {
            throw new FormatException("its second line is no generation");
        }

        if (lines[^1] != Invariant($"{End}{lines.Length - 3}"))
        {
            throw new FormatException("its end is missing");
        }

        var members = new List<IPEndPoint>();

        foreach (var line in lines[2..^1])
        {
            members.Add(
                SeedAddress.Parse(line).Literal
                    ?? throw new FormatException($"'{line}' is a name, no endpoint")
            );
        }

        return new Content(generation, members);
    }

    /// <summary>Writes the file whole or not at all: beside it first, to the disk, and then in its place.</summary>
    public static void Write(string path, Content content)
    {
        var text = new StringBuilder().AppendLine(Head).AppendLine(Invariant($"{Own}{content.Generation}"));

        foreach (var member in content.Members)
        {
            text.AppendLine(member.ToString());
        }

        text.AppendLine(Invariant($"{End}{content.Members.Count}"));
        var beside = path + ".new";

        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes(text.ToString()));
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
