using System.Text;
using OrleansPool.Core.Calls.JsonRpc;

namespace OrleansPool.Core.Tests.Calls.JsonRpc;

/// <summary>What a session's caller is owed.</summary>
public class OpenRequestsTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("1.50", "1.5")]
    [InlineData("\"a\"", "\"\\u0061\"")]
    [InlineData("null", "null")]
    [InlineData("\"\\ud800\"", "\"\\ud800\"")]
    [InlineData("1e400", "1e400")]
    public void Answer_UnderTheSameId_HoweverWritten_Settles(string asked, string answered)
    {
        var open = new OpenRequests(10);
        open.Add(Encoding.UTF8.GetBytes(asked));
        open.Answered(Encoding.UTF8.GetBytes(answered));
        Assert.True(open.IsEmpty);
    }

    [Theory]
    [InlineData("1", "\"1\"")]
    [InlineData("1", "2")]
    [InlineData("\"null\"", "null")]
    public void Answer_UnderAnotherId_SettlesNothing(string asked, string answered)
    {
        var open = new OpenRequests(10);
        open.Add(Encoding.UTF8.GetBytes(asked));
        open.Answered(Encoding.UTF8.GetBytes(answered));
        Assert.Equal([asked], open.TakeAll().Select(id => Encoding.UTF8.GetString(id)));
        Assert.True(open.IsEmpty);
    }

    [Fact]
    public void SameIdTwice_IsOwedTwice()
    {
        var open = new OpenRequests(10);
        open.Add("1"u8);
        open.Add("1"u8);
        open.Answered("1"u8);
        Assert.Single(open.TakeAll());
    }

    [Fact]
    public async Task AsManyAsAllowed_ThereIsRoomOnceOneIsAnswered()
    {
        var open = new OpenRequests(1);
        await open.WhenRoomAsync().InTime("room");
        open.Add("1"u8);
        var room = open.WhenRoomAsync();
        Assert.False(room.IsCompleted);
        open.Answered("2"u8);
        Assert.False(room.IsCompleted);
        open.Answered("1"u8);
        await room.InTime("room");
    }
}
