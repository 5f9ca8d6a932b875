namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>The steps of BERT's normalisation.</summary>
internal static class BertNormalizers
{
    public static IEnumerable<INormalizer> Create(bool cleanText, bool spaceIdeographs, bool stripAccents, bool lowercase)
    {
        if (cleanText)
            yield return new RuneNormalizer(RuneMaps.CleanText);
        if (spaceIdeographs)
            yield return new RuneNormalizer(RuneMaps.SpaceIdeographs);
        if (stripAccents)
        {
            yield return new UnicodeNormalizer(compatible: false, compose: false);
            yield return new RuneNormalizer(RuneMaps.DropNonspacingMarks);
        }
        if (lowercase)
            yield return new RuneNormalizer(RuneMaps.Lowercase);
    }
}
