using System.Globalization;
using System.Net;
using System.Text;

namespace Swim.Host;

/// <summary>
/// The file of the remembered members of a node, in lines of text: a head with the version, the generation of the
/// node, one endpoint per line, and at the end their count, which reveals a file that was cut off.
/// </summary>
internal static class MembersFile
{
    private const string Head = "swim-members 1";
    private const string Own = "generation ";
    private const string End = "end ";

    // Room for many times the lines that are written. A longer file is not one of ours.
    private const int MaxBytes = 1 << 16;

    /// <summary>The contents of the file.</summary>
    public sealed record Content(ulong Generation, IReadOnlyList<IPEndPoint> Members);

    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">
    /// The file is damaged, or has another format; the message says where.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Content Read(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
        {
            throw new FormatException($"The file must have at most {MaxBytes} bytes.");
        }

        var lines = File.ReadAllLines(path);

        if (lines.Length < 3 || lines[0] != Head)
        {
            throw new FormatException($"The file must begin with '{Head}'.");
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
            throw new FormatException("The second line must have the generation.");
        }

        if (lines[^1] != Invariant($"{End}{lines.Length - 3}"))
        {
            throw new FormatException("The end of the file is missing.");
        }

        var members = new List<IPEndPoint>();

        foreach (var line in lines[2..^1])
        {
            members.Add(
                SeedAddress.Parse(line).Literal
                    ?? throw new FormatException($"Each member must be an endpoint, but '{line}' is a name.")
            );
        }

        return new Content(generation, members);
    }

    /// <summary>
    /// Replaces the file as a whole: writes another one beside it, flushes that to the disk, and renames it.
    /// </summary>
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
