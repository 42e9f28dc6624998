namespace Swim.Repository.Tests.Support;

/// <summary>
/// Which rooms of a project each room may use. An entry <c>Loop</c> allows the whole room, an entry <c>Node.SwimNode</c>
/// one type of it.
/// </summary>
internal sealed class RoomTable(Project project, Dictionary<string, string[]> mayUse)
{
    private readonly Rooms _rooms = new(project);

    /// <summary>What the code of the project does against the table, and what the table allows without need.</summary>
    public IEnumerable<string> Offences()
    {
        var uses = UsesBetweenRooms().ToList();

        var unlisted = _rooms
            .Names.Where(room => !mayUse.ContainsKey(room))
            .Select(room => $"{project.Name}: the table has no room {room}");

        var forbidden = uses.Where(use => !IsAllowed(use)).Select(use => use.ToString());

        var unused =
            from room in mayUse
            from entry in room.Value
            where !uses.Any(use => _rooms.Of(use.User) == room.Key && IsFor(entry, use))
            select $"{project.Name}: {room.Key} does not use {entry}, so the table should not allow it";

        return unlisted.Concat(forbidden).Concat(unused);
    }

    private IEnumerable<TypeUse> UsesBetweenRooms() =>
        TypeUses
            .In(project.Assembly)
            .Where(use => use.Used.Assembly == project.Assembly)
            .Where(use => _rooms.Of(use.User) is { } from && _rooms.Of(use.Used) is { } to && from != to);

    private bool IsAllowed(TypeUse use) =>
        mayUse.TryGetValue(_rooms.Of(use.User)!, out var entries) && entries.Any(entry => IsFor(entry, use));

    private bool IsFor(string entry, TypeUse use)
    {
        var room = _rooms.Of(use.Used);
        return entry == room || entry == $"{room}.{use.Used.Name.Split('`')[0]}";
    }
}
