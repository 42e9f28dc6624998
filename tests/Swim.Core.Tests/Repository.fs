/// Reads the files of the repository that tests hold to each other.
module Swim.Core.Tests.Repository

open System.IO
open System.Text.RegularExpressions
open Swim.TestKit

let root = RepositoryFiles.Root

let read (path: string) = File.ReadAllText(Path.Combine(root, path)).Replace("\r", "")

/// The files of a folder itself whose names fit the pattern.
let files (folder: string) (pattern: string) =
    Directory.GetFiles(Path.Combine(root, folder), pattern)
    |> Seq.map (fun file -> FileInfo(file).Name)
    |> List.ofSeq

/// The files in and below a folder: name without extension, and text.
let sources (folder: string) (extension: string) =
    RepositoryFiles.Files(folder, extension)
    |> Seq.map (fun file -> string (Path.GetFileNameWithoutExtension file), RepositoryFiles.Read file)
    |> List.ofSeq

/// What all groups numbered 1 of the pattern hold; ^ and $ stand for lines.
let matches (pattern: string) (text: string) =
    [
        for found in Regex.Matches(text, pattern, RegexOptions.Multiline) -> found.Groups[1].Value
    ]

/// The names in a cell: what is in back quotes.
let names (cell: string) = matches "`([^`]+)`" cell

/// The rows of the table under that head, as cells.
let table (head: string) (text: string) =
    text.Split '\n'
    |> Seq.skipWhile ((<>) head)
    |> Seq.skip 2
    |> Seq.takeWhile _.StartsWith("|")
    |> Seq.map (fun line -> line.Trim('|').Split '|' |> Array.map _.Trim())
    |> List.ofSeq
