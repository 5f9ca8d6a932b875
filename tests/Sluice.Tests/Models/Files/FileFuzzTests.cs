using Sluice.Core.Errors;
using Sluice.Models.Files;

namespace Sluice.Tests.Models.Files;

/// <summary>A damaged copy of a valid file opens and reads in full, or is refused as a model file; nothing else may come out.</summary>
public sealed class FileFuzzTests
{
    private const int Mutations = 2000;
    private const long MaxAllocatedBytes = 2_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Gguf_DamagedBytes_AreRefusedOrHarmless(int seed) => Fuzz(GgufFileTests.Sample().Build(), seed, path =>
    {
        using var file = GgufFile.Open(path);
        Assert.All(file.Metadata.Entries, e => Assert.DoesNotContain('\n', e.Value));
        foreach (string key in file.Metadata.Keys)
            TouchKey(file.Metadata, key);
        Touch(file);
    });

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Safetensors_DamagedBytes_AreRefusedOrHarmless(int seed) => Fuzz(SafetensorsFileTests.Sample(), seed, path =>
    {
        using var file = SafetensorsFile.Open(path);
        Touch(file);
    });

    [Theory]
    [InlineData(5)]
    public void Json_DamagedBytes_AreRefusedOrHarmless(int seed) => Fuzz(JsonFieldsTests.Sample(), seed, path =>
    {
        var json = JsonFields.Read(path);
        foreach (string name in json.Names)
        {
            Refusable(() => json.String(name));
            Refusable(() => json.Integers(name));
            Refusable(() => json.Floats(name));
            Refusable(() => json.Objects(name)?.Select(o => o.Names.Count()).ToArray());
        }
    });

    private static void Fuzz(byte[] valid, int seed, Action<string> read)
    {
        using var folder = new TempFolder();
        read(folder.Write("fuzz", valid)); // the undamaged file must pass
        var random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] damaged = Damage(valid, random);
            string path = folder.Write("fuzz", damaged);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(path);
            }
            catch (ModelFileException e)
            {
                refused++;
                Assert.StartsWith(path, e.Message);
                Assert.False(e.Message.Any(char.IsControl), e.Message);
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocatedBytes);
        }
        Assert.InRange(refused, Mutations / 10, Mutations);
    }

    private static byte[] Damage(byte[] valid, Random random)
    {
        byte[] damaged = [.. valid];
        for (int flips = random.Next(1, 5); flips > 0; flips--)
        {
            int at = random.Next(damaged.Length);
            damaged[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(damaged[at] ^ (1 << random.Next(8))),
                _ => random.Next(2) == 0 ? (byte)0xFF : (byte)0,
            };
        }
        return random.Next(4) == 0 ? damaged[..random.Next(damaged.Length)] : damaged;
    }

    private static void TouchKey(GgufMetadata metadata, string key)
    {
        Refusable(() => metadata.String(key));
        Refusable(() => metadata.Integer(key));
        Refusable(() => metadata.Float(key));
        Refusable(() => metadata.Strings(key)?.ToArray());
        Refusable(() => metadata.Floats(key));
        Refusable(() => metadata.Integers(key));
        Refusable(() => metadata.Bools(key));
    }

    private static void Refusable(Func<object?> get)
    {
        try
        {
            get();
        }
        catch (ModelFileException)
        {
            // A value of another kind; that it is nothing worse is the point.
        }
    }

    /// <summary>Reads every byte that the catalog says is a tensor's.</summary>
    private static void Touch(ITensorCatalog file)
    {
        int sum = 0;
        foreach (var tensor in file.Tensors)
        {
            var view = file.Open(tensor);
            for (long row = 0; row < view.Rows && view.Cols > 0; row++)
            {
                foreach (byte value in view.Row(row))
                    sum += value;
            }
        }
        Assert.InRange(sum, 0, int.MaxValue);
    }
}
