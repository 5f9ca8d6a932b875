namespace Sluice.Models.Templates;

/// <summary>What one rendering has spent of its limits. Written by every operation of that rendering.</summary>
internal sealed class Meter(TemplateOptions options)
{
    private long _stepsLeft = options.MaxSteps;
    private long _bytesLeft = options.MaxAllocatedBytes;

    public int MaxTextCharacters { get; } = options.MaxTextCharacters;

    public void Step(long count = 1)
    {
        if ((_stepsLeft -= count) < 0)
            throw new TemplateFault($"the rendering takes more than {options.MaxSteps} steps (limit MaxSteps)");
    }

    /// <summary>Called before a value of this size is made.</summary>
    public void Allocate(long bytes)
    {
        if ((_bytesLeft -= bytes) < 0)
            throw new TemplateFault($"the rendering makes values of more than {options.MaxAllocatedBytes} bytes (limit MaxAllocatedBytes)");
    }

    /// <summary>Called before a text of this length is made.</summary>
    public void AllocateText(long characters)
    {
        if (characters > MaxTextCharacters)
            throw new TemplateFault($"a text grows beyond {MaxTextCharacters} characters (limit MaxTextCharacters)");
        Step(characters >> 6);
        Allocate(characters * sizeof(char));
    }

    /// <summary>Called before a list of this many elements is made.</summary>
    public void AllocateElements(long count)
    {
        Step(count);
        Allocate(count * 8 + 56);
    }

    /// <summary>Called before a text of this length is searched or compared.</summary>
    public void Scan(int characters) => Step(characters >> 6);

    /// <summary>Called before each character of a text of this length is looked at.</summary>
    public void Inspect(int characters) => Step(characters >> 3);
}
