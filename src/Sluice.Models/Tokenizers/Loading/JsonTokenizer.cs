using Sluice.Models.Files;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Reads a tokenizer.json.</summary>
internal static class JsonTokenizer
{
    /// <param name="roles">What else the model's files say of the roles of tokens.</param>
    public static Tokenizer Load(string path, JsonRoles roles)
    {
        var bulk = JsonBulk.Read(path, TokenizerFile.ReadText(path));
        var root = JsonFields.Of(path, bulk.Rest);
        var model = root.RequireObject("model");
        var builder = bulk.Vocabulary ?? throw model.Fail("vocab", "is missing");
        var normalizer = JsonNormalizers.Read(root.Object("normalizer"));
        var added = JsonAddedTokens.Read(root, builder, normalizer);
        var vocabulary = builder.Build();
        // One that the model's vocabulary has already keeps the id it has there.
        for (int i = 0; i < added.Count; i++)
            added[i] = added[i] with { Id = vocabulary.Find(builder.Spelling(added[i].Id)) };
        var stages = JsonPreTokenizers.Read(root.Object("pre_tokenizer"), out bool byteLevel);
        var (prefix, suffix) = JsonPostProcessors.Read(root.Object("post_processor"), vocabulary.Count);
        return new Tokenizer(new TokenizerParts
        {
            Vocabulary = vocabulary,
            AddedTokens = added,
            Normalizer = normalizer,
            PreTokenizers = stages,
            Encoder = JsonEncoders.Read(model, bulk, vocabulary, byteLevel),
            Prefix = prefix,
            Suffix = suffix,
            Decoders = JsonDecoders.Read(root.Object("decoder")),
            Special = roles.Resolve(vocabulary, added, prefix, suffix),
        });
    }
}
