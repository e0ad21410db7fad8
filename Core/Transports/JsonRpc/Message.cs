using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OrleansPool.Core.Transports.JsonRpc;

/// <summary>What routing needs to know of a message; the rest of it stays bytes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id as it stands there, a string's quotes included; empty where it has none.</param>
/// <param name="Method">The method's name as it stands there, without the quotes; empty in a response.</param>
/// <param name="ErrorCode">Of a response with an error: its code, where that is a whole number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Message(MessageKind Kind, Slice Id, Slice Method, int? ErrorCode)
{
    // The one notification that names a call by its id (Language Server Protocol 3.17, "Cancellation Support").
    private const string CancelTarget = "/$/cancelRequest";

    /// <summary>The method's name as a call's target: behind a slash.</summary>
    /// <param name="bytes">The message.</param>
    public string TargetIn(ReadOnlySpan<byte> bytes)
    {
        var name = Method.Of(bytes);
        if (!name.Contains((byte)'\\')) return $"/{Encoding.UTF8.GetString(name)}";
        var json = new Utf8JsonReader(bytes[(Method.Start - 1)..(Method.End + 1)]);
        json.Read();
        return $"/{json.GetString()}";
    }

    /// <summary>True for a notification that asks the peer to give up a call, whose id it has in its parameters.</summary>
    /// <param name="bytes">The message.</param>
    public bool IsCancelIn(ReadOnlySpan<byte> bytes) => Kind == MessageKind.Notification && string.Equals(TargetIn(bytes), CancelTarget, StringComparison.Ordinal);
}
