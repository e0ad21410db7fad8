namespace OrleansPool.Bench.Load;

/// <summary>A worker's way to make calls: one after the other, each of them checked.</summary>
public interface ICaller
{
    /// <summary>Makes a call and checks its answer.</summary>
    /// <exception cref="CallFailedException">The answer is not the echo.</exception>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    /// <exception cref="IOException">There is no answer.</exception>
    Task CallAsync();
}
