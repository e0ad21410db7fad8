using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Architecture.Tests.Docs;

/// <summary>docs/limits.md has a sentence for every reason, and a row for every other law.</summary>
public class LimitsDocumentTests
{
    private static readonly MarkdownFile _document = new("docs/limits.md");

    [Fact]
    public void Reasons_AreAllThere_AndNoOther() =>
        Assert.Equal(Enum.GetNames<LimitReason>(), _document.Rows.Where(row => row.Heading == "Reasons").Select(row => row.Cells[0].Trim('`')));

    [Fact]
    public void Laws_AreAllThere_AndNoOther() =>
        Assert.Equal(LimitLaws.Names.Where(name => name != LimitLaws.Default), _document.Rows.Where(row => row.Heading == "The other laws").Select(row => row.Cells[0].Trim('`')));
}
