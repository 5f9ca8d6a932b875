using System.Security.Cryptography;

namespace Sluice.Gateway.Configuration;

/// <summary>
/// Looks every while whether a configuration has other content than before: its file, and those it names. Polled,
/// because a file that is a link, as in a mounted volume, changes without any notice from the file system.
/// </summary>
/// <param name="files">What belongs to the configuration now; asked again after each change.</param>
public sealed class ConfigWatch(Func<IEnumerable<string>> files, TimeSpan every, TimeProvider time)
{
    private Dictionary<string, byte[]> _seen = Look(files, []);
    private volatile bool _asked;

    /// <summary>Takes the configuration for changed the next time it is looked at.</summary>
    public void Ask() => _asked = true;

    /// <summary>Runs until cancelled; <paramref name="changed"/> is awaited before the files are looked at again.</summary>
    public async Task RunAsync(Func<Task> changed, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(every, time);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
        {
            Dictionary<string, byte[]> now = Look(() => _seen.Keys, []);
            bool same = now.All(file => file.Value.AsSpan().SequenceEqual(_seen[file.Key]));
            if (same && !_asked)
                continue;
            _asked = false;
            await changed().ConfigureAwait(false);
            _seen = Look(files, now); // what changed meanwhile is seen the next time
        }
    }

    /// <param name="known">What need not be read again.</param>
    private static Dictionary<string, byte[]> Look(Func<IEnumerable<string>> files, Dictionary<string, byte[]> known) =>
        files().Distinct().ToDictionary(file => file, file => known.GetValueOrDefault(file) ?? HashOf(file));

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
