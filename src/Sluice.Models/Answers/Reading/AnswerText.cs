using System.Text;

namespace Sluice.Models.Answers.Reading;

/// <summary>The text of an answer as its reader sees it: one character after the other, with waiting for those that are not there yet.</summary>
internal sealed class AnswerText
{
    /// <summary>What comes after the last character.</summary>
    public const int End = -1;

    // No name, key or tag is longer; what is longer is no name.
    private const int MaxWord = 512;

    private readonly StringBuilder _kept = new();
    private string _chunk = "";
    private int _at;
    private bool _ended;
    private bool _keeps;
    private Action? _waiting;

    /// <summary>Gives the reader more text; returns when it wants still more.</summary>
    public void Append(string chunk)
    {
        _chunk = _at < _chunk.Length ? _chunk[_at..] + chunk : chunk;
        _at = 0;
        Resume();
    }

    /// <summary>Whether the text was cut off where it ended; known at its end.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Tells the reader that there is no more; returns when it has ended.</summary>
    public void Finish(bool cut)
    {
        IsCut = cut;
        _ended = true;
        Resume();
    }

    /// <summary>The next character, which stays the next, or <see cref="End"/>.</summary>
    public NextCharacter Peek() => new(this);

    /// <summary>Goes past the character that was peeked at.</summary>
    public void Skip()
    {
        if (_keeps)
            _kept.Append(_chunk[_at]);
        _at++;
    }

    /// <summary>Goes back before what was read last.</summary>
    public void Unread(string text)
    {
        if (_keeps)
            _kept.Length -= text.Length;
        if (_at >= text.Length)
        {
            _at -= text.Length;
            return;
        }
        _chunk = text + _chunk[_at..]; // it began in an earlier chunk, which happens once for each
        _at = 0;
    }

    /// <summary>From here on remembers what is read, from <paramref name="first"/> on, which was read already.</summary>
    public void Keep(string first)
    {
        _keeps = true;
        _kept.Clear().Append(first);
    }

    /// <summary>What was read since it began to remember; stops remembering.</summary>
    public string TakeKept()
    {
        string kept = _kept.ToString();
        Forget();
        return kept;
    }

    public void Forget()
    {
        _keeps = false;
        _kept.Clear();
    }

    /// <summary>Goes past white space; the character behind it.</summary>
    public async ReadTask<int> SkipSpaceAsync()
    {
        int c;
        while ((c = await Peek()) != End && char.IsWhiteSpace((char)c))
            Skip();
        return c;
    }

    /// <summary>Goes past a text; false at the first character that is another, which stays the next.</summary>
    public async ReadTask<bool> TryReadAsync(string text)
    {
        foreach (char expected in text)
        {
            if (await Peek() != expected)
                return false;
            Skip();
        }
        return true;
    }

    /// <summary>Goes past white space and a text, if that follows it.</summary>
    public async ReadTask<bool> TryReadAfterSpaceAsync(string text)
    {
        await SkipSpaceAsync();
        return await TryReadAsync(text);
    }

    /// <summary>Goes past a text if all of it follows; reads nothing otherwise.</summary>
    public async ReadTask<bool> TryReadWholeAsync(string text)
    {
        int n = 0;
        while (n < text.Length && await Peek() == text[n])
        {
            Skip();
            n++;
        }
        if (n == text.Length)
            return true;
        Unread(text[..n]);
        return false;
    }

    /// <summary>A word of characters that belong to it, up to the first that does not; null where it has none or too many.</summary>
    public async ReadTask<string?> ReadWordAsync(Func<char, bool> belongs)
    {
        var word = new StringBuilder();
        for (int c; (c = await Peek()) != End && belongs((char)c) && word.Length <= MaxWord; Skip())
            word.Append((char)c);
        return word.Length is > 0 and <= MaxWord ? word.ToString() : null;
    }

    private void Resume()
    {
        var waiting = _waiting;
        _waiting = null;
        waiting?.Invoke();
    }

    /// <summary>Awaits a character.</summary>
    internal readonly struct NextCharacter(AnswerText text) : System.Runtime.CompilerServices.INotifyCompletion
    {
        public bool IsCompleted => text._at < text._chunk.Length || text._ended;

        public NextCharacter GetAwaiter() => this;

        public int GetResult() => text._at < text._chunk.Length ? text._chunk[text._at] : End;

        public void OnCompleted(Action continuation) => text._waiting = continuation;
    }
}
