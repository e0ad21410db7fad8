using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using OrleansPool.Core.Hosting;

namespace OrleansPool.Gateway.Hosting;

/// <summary>
/// The host's part of a changed configuration: its own section, and files that are no JSON any more. Such a file reads as empty, so that a change to defaults all
/// over would look sound. Thread-safe.
/// </summary>
internal sealed class ConfigurationFiles : IConfigurationCheck
{
    private readonly List<JsonConfigurationSource> _files;

    public ConfigurationFiles(IConfigurationBuilder configuration)
    {
        _files = [.. configuration.Sources.OfType<JsonConfigurationSource>()];

        // Otherwise it is thrown on a thread of the file watch, where nobody hears of it.
        foreach (var file in _files) file.OnLoadException = static failure => failure.Ignore = true;
    }

    public void Check(IConfiguration configuration, ConfigErrors errors)
    {
        foreach (var file in _files) CheckFile(file, errors);
        GatewayOptionsReader.Read(configuration, errors);
    }

    private static void CheckFile(JsonConfigurationSource file, ConfigErrors errors)
    {
        if (file.FileProvider?.GetFileInfo(file.Path ?? "") is not { Exists: true } info) return;
        try
        {
            using var stream = info.CreateReadStream();
            new ConfigurationBuilder().AddJsonStream(stream).Build();
        }
        catch (Exception e) when (e is JsonException or FormatException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            errors.Add(file.Path!, "(unreadable)", $"JSON is expected: {e.Message.TrimEnd('.')}");
        }
    }
}
