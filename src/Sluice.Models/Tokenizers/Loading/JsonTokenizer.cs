using Sluice.Core.Errors;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers.Decoders;
using Sluice.Models.Tokenizers.Patterns;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads a tokenizer.json.</summary>
internal static class JsonTokenizer
{
    public static Tokenizer Load(string path, JsonFields? config)
    {
        var bulk = JsonBulk.Read(path, JsonFile.Read(path));
        var root = JsonFields.Of(path, bulk.Rest);
        try
        {
            return new Tokenizer(Build(root, bulk, config));
        }
        catch (PatternException e)
        {
            throw new ModelFileException(path, e.Message, inner: e);
        }
    }

    private static TokenizerParts Build(JsonFields root, JsonBulk bulk, JsonFields? config)
    {
        var model = root.RequireObject("model");
        var builder = bulk.Vocabulary ?? throw model.Fail("vocab", "is missing");
        var added = JsonAddedTokens.Read(root, builder);
        var vocabulary = builder.Build();
        var stages = JsonPreTokenizers.Read(root.Object("pre_tokenizer"), out bool byteLevel);
        return new TokenizerParts
        {
            Vocabulary = vocabulary,
            AddedTokens = added,
            PreTokenizers = stages,
            Encoder = JsonEncoders.Read(model, bulk, vocabulary, byteLevel),
            Decoders = [new ByteLevelDecoder()],
            Special = JsonSpecialTokens.Read(config, vocabulary, added),
        };
    }
}
