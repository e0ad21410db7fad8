using OrleansPool.Core.Model;

namespace OrleansPool.Core.Tests.Model;

/// <summary>Headers in wire order, and the array that they travel as.</summary>
public class HeaderBlockTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    public void Headers_AsManyAsOneLikes_KeepOrderAndRepeatedNames(int capacity)
    {
        var block = new HeaderBlock(capacity);
        var added = Enumerable.Range(0, 50).Select(n => (Name: $"n{n % 7}", Value: $"{n}")).ToList();
        foreach (var (name, value) in added) block.Add(name, value);
        Assert.Equal(added, Enumerable.Range(0, block.Count).Select(at => block[at]));
    }

    [Theory]
    [InlineData("x-twice", "first")]
    [InlineData("X-TWICE", "first")]
    [InlineData("Other", "o")]
    [InlineData("empty", "")]
    [InlineData("x-twic", null)]
    [InlineData("x-twicee", null)]
    [InlineData("", null)]
    public void TryGet_AnyCase_FindsTheFirstOfThatName(string name, string? expected)
    {
        var block = Block(("other", "o"), ("X-Twice", "first"), ("x-twice", "second"), ("empty", ""));
        Assert.Equal((expected is not null, expected), (block.TryGet(name, out var value), value));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Index_OutsideTheBlock_Throws(int index)
    {
        // Room is set aside for eight: what is not there yet must not be seen.
        var block = Block(("a", "1"), ("b", "2"));
        Assert.Throws<ArgumentOutOfRangeException>(() => block[index]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 0)]
    public void CountBefore_CountsTheSameNameInAnyCase(int index, int expected)
    {
        var block = Block(("x-a", "1"), ("x-b", "2"), ("X-A", "3"), ("x-A", "4"), ("x-aa", "5"));
        Assert.Equal(expected, block.CountBefore(index));
        Assert.Equal(expected > 0, block.HasBefore(index));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(8)]
    public void ToFlat_IsExactlyAsLongAsNeeded_AndKeepsWhatItHeld(int capacity)
    {
        var block = new HeaderBlock(capacity);
        block.Add("a", "1");
        block.Add("b", "2");
        var flat = block.ToFlat();
        block.Add("c", "3");
        Assert.Equal(["a", "1", "b", "2"], flat);
        Assert.Equal(["a", "1", "b", "2", "c", "3"], block.ToFlat());
    }

    [Fact]
    public void Flat_TakenOver_IsReadAsPairs_AndNotChangedByAdding()
    {
        string[] flat = ["a", "1", "a", "2"];
        var block = new HeaderBlock(flat);
        block.Add("b", "3");
        Assert.Equal(["a", "1", "a", "2"], flat);
        Assert.Equal((3, ("a", "2"), ("b", "3")), (block.Count, block[1], block[2]));
    }

    [Fact]
    public void Flat_OfOddLength_IsRefused() => Assert.Throws<ArgumentException>(() => new HeaderBlock(["a", "1", "b"]));

    [Fact]
    public void Flat_Empty_IsAnEmptyBlock()
    {
        var block = new HeaderBlock(Array.Empty<string>());
        Assert.Equal((0, 0), (block.Count, block.Size));
        Assert.Empty(block.ToFlat());
    }

    [Fact]
    public void Size_CountsNamesAndValues_NotRoomSetAside() => Assert.Equal(1 + 3 + 2 + 0, Block(("a", "123"), ("bc", "")).Size);

    private static HeaderBlock Block(params (string Name, string Value)[] headers)
    {
        var block = new HeaderBlock();
        foreach (var (name, value) in headers) block.Add(name, value);
        return block;
    }
}
