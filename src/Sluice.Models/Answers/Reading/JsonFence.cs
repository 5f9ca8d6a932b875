using System.Text;

namespace Sluice.Models.Answers.Reading;

/// <summary>
/// Takes the fence of Markdown, and white space, off a text that is to be one JSON value: three backticks and a language before it, three
/// behind it. A JSON value neither begins nor ends with any of these.
/// </summary>
internal sealed class JsonFence
{
    private readonly StringBuilder _tail = new();
    private bool _inLanguage;
    private bool _begun;

    public void Write(char c, StringBuilder output)
    {
        if (!_begun && (c == '`' || _inLanguage))
        {
            _inLanguage = c != '\n';
        }
        else if (char.IsWhiteSpace(c) || c == '`')
        {
            if (_begun)
                _tail.Append(c); // the end, or something follows it after all
        }
        else
        {
            _begun = true;
            output.Append(_tail).Append(c);
            _tail.Clear();
        }
    }
}
