namespace Swim.Cli

open System
open System.Globalization

/// Times as every command prints them.
[<RequireQualifiedAccess>]
module Timestamp =

    /// In UTC, with milliseconds: `2026-01-31T12:00:00.000Z`.
    [<Literal>]
    let Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"

    /// A time in that format.
    let text (time: DateTimeOffset) : string =
        time.ToUniversalTime().ToString(Format, CultureInfo.InvariantCulture)
