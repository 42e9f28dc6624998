namespace Swim.Repository.Tests;

/// <summary>
/// <c>spec/retired-words.txt</c> lists words that are no longer written, and what to write instead. These tests look for
/// them in every text of the repository.
/// </summary>
public sealed class RetiredWordsTests
{
    private static readonly Lazy<List<RetiredWord>> Words = new(RetiredWord.ReadAll);

    private static readonly Lazy<List<RetiredUse>> Uses = new(() =>
        [
            .. from file in RepositoryTexts.All.Where(HasNoneOnPurpose)
            let text = RepositoryFiles.Read(file)
            from word in Words.Value
            from use in word.In(file, text)
            select use,
        ]
    );

    [Fact]
    public void No_text_of_the_repository_has_a_retired_word() =>
        Offenders.AssertNone(Uses.Value.Where(use => !use.IsAllowed).Select(use => use.ToString()));

    [Fact]
    public void Every_place_where_a_retired_word_is_allowed_has_it()
    {
        var allowed = Uses.Value.Where(use => use.IsAllowed).ToLookup(use => use.Word);

        Offenders.AssertNone(
            from word in Words.Value
            from glob in word.Allowed
            where !allowed[word].Any(use => RetiredWord.IsIn(use.File, glob))
            select $"{glob} does not have '{word.Word}'"
        );
    }

    [Fact]
    public void The_texts_and_the_list_are_found()
    {
        string[] some =
        [
            "README.md",
            "Swim.Core/src/Rules/Protocol.fs",
            "tla/Swim.tla",
            "tla/check",
            ".ci/run",
        ];

        Assert.Superset(some.ToHashSet(), RepositoryTexts.All.ToHashSet());
        Assert.True(RepositoryTexts.All.Count() > 500);
        Assert.True(Words.Value.Count > 30);
    }

    [Theory]
    [InlineData("whoever", "Whoever asks\nis whoever was asked", "1 Whoever, 2 whoever")]
    [InlineData("laws?", "a lawn, flaws; the law", "1 law")]
    [InlineData("Draft", "a draft of a Draft", "1 Draft")]
    [InlineData("(?:is|are) out(?! of)", "it is out of bounds, a timer is out", "1 is out")]
    public void A_word_is_found_as_a_whole_and_in_any_case_unless_it_has_a_capital_letter(
        string word,
        string text,
        string found
    )
    {
        var uses = RetiredWord.Parse($"{word} | another word | ").In("a text", text);
        Assert.Equal(found, string.Join(", ", uses.Select(use => $"{use.Line} {use.Text}")));
    }

    [Theory]
    [InlineData("tests/Swim.Fuzz/Main.fs", "tests/*/Main.fs", true)]
    [InlineData("tests/Swim.Host.Tests/Node/JoinTests.cs", "tests/**", true)]
    [InlineData("tests/Swim.Host.Tests/Node/JoinTests.cs", "tests/*", false)]
    [InlineData("src/tests.md", "tests*", false)]
    public void A_glob_stands_for_files_and_folders(string path, string glob, bool isIn) =>
        Assert.Equal(isIn, RetiredWord.IsIn(path, glob));

    [Theory]
    [InlineData("whoever | the actor")]
    [InlineData(" | the actor | ")]
    public void A_line_without_its_three_parts_is_refused(string line) =>
        Assert.Throws<FormatException>(() => RetiredWord.Parse(line));

    // The list itself has every retired word, and this file has some.
    private static bool HasNoneOnPurpose(string file) =>
        file is not (RetiredWord.List or "tests/Swim.Repository.Tests/RetiredWordsTests.cs");
}
