using System.Security.Cryptography;

namespace Sluice.Gateway.Configuration;

/// <summary>
/// Looks every while whether a file has other content than before. Polled, because a file that is a link, as in a mounted volume, changes
/// without any notice from the file system.
/// </summary>
public sealed class ConfigWatch(string path, TimeSpan every, TimeProvider time)
{
    private byte[] _seen = HashOf(path);

    /// <summary>Runs until cancelled; <paramref name="changed"/> is awaited before the file is looked at again.</summary>
    public async Task RunAsync(Func<Task> changed, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(every, time);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
        {
            byte[] now = HashOf(path);
            if (now.AsSpan().SequenceEqual(_seen))
                continue;
            _seen = now;
            await changed().ConfigureAwait(false);
        }
    }

    /// <summary>A file that cannot be read just now has no content, and one when it is back.</summary>
    private static byte[] HashOf(string path)
    {
        try
        {
            return SHA256.HashData(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
