using System.Text.Json;

namespace Sluice.Golden;

/// <summary>A model of the reference data with what another engine computed for it (format: models/README.md there).</summary>
internal sealed class ReferenceModel
{
    private readonly JsonElement _root;

    private ReferenceModel(string modelPath, string referencePath)
    {
        ModelPath = modelPath;
        Folder = Path.GetDirectoryName(referencePath)!;
        _root = JsonElement.Parse(File.ReadAllText(referencePath));
    }

    public string ModelPath { get; }

    public string Folder { get; }

    public int[] Prompt => Ints(_root, "prompt");

    public double MeanKlOfNative => _root.GetProperty("native_vs_dense").GetProperty("mean_kl").GetDouble();

    public int[] GreedyPrompt => Ints(_root.GetProperty("greedy"), "prompt");

    public int[] GreedyTokens => Ints(_root.GetProperty("greedy"), "tokens");

    /// <summary>A GGUF beside its reference, a folder that holds it, or a split model whose reference is another's.</summary>
    public static ReferenceModel Open(string relative)
    {
        string path = GoldenData.Require(Path.Combine("models", relative));
        if (Directory.Exists(path))
            return new ReferenceModel(path, Path.Combine(path, "ref.json"));
        string reference = path.Contains("-of-", StringComparison.Ordinal)
            ? Path.Combine(Path.GetDirectoryName(path)!, "..", "synth", Path.GetFileName(path).Split('-')[0] + ".ref.json")
            : Path.ChangeExtension(path, "ref.json").Replace("-f32.ref", ".ref", StringComparison.Ordinal);
        return new ReferenceModel(path, reference);
    }

    /// <summary>Reference logits, one row a position.</summary>
    /// <param name="field">The member that names their file.</param>
    public float[][] Logits(string field = "logits_file")
    {
        int rows = _root.GetProperty("logits_shape")[0].GetInt32(), vocabulary = _root.GetProperty("logits_shape")[1].GetInt32();
        byte[] bytes = File.ReadAllBytes(Path.Combine(Folder, _root.GetProperty(field).GetString()!));
        Assert.Equal(rows * vocabulary * sizeof(float), bytes.Length);
        var logits = new float[rows][];
        for (int r = 0; r < rows; r++)
        {
            logits[r] = new float[vocabulary];
            Buffer.BlockCopy(bytes, r * vocabulary * sizeof(float), logits[r], 0, vocabulary * sizeof(float));
        }
        return logits;
    }

    private static int[] Ints(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
}
