using System.Collections.Concurrent;
using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>The values of format that are regular, as the sets of strings they stand for. They hold; they are no mere annotation.</summary>
internal static class StringFormats
{
    private const string Octet = @"(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)";
    private const string Ipv4 = $@"{Octet}(\.{Octet}){{3}}";
    private const string Group = "[0-9A-Fa-f]{1,4}";
    private const string Tail = $"({Group}:{Group}|{Ipv4})";
    private const string Label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private const string Hostname = $@"{Label}(\.{Label})*";
    private const string Ldh = @"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?";

    private const string Ipv6 =
        $"(({Group}:){{6}}{Tail}|::({Group}:){{5}}{Tail}|({Group})?::({Group}:){{4}}{Tail}|(({Group}:){{0,1}}{Group})?::({Group}:){{3}}{Tail}" +
        $"|(({Group}:){{0,2}}{Group})?::({Group}:){{2}}{Tail}|(({Group}:){{0,3}}{Group})?::{Group}:{Tail}" +
        $"|(({Group}:){{0,4}}{Group})?::{Tail}|(({Group}:){{0,5}}{Group})?::{Group}|(({Group}:){{0,6}}{Group})?::)";

    private const string Common = @"\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))";
    private const string LeapYear = @"(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)";
    private const string Date = $"({Common}|{LeapYear}-02-29)";
    private const string Hour = @"([01]\d|2[0-3])";
    private const string Zone = $@"([Zz]|[+-]{Hour}:[0-5]\d)";
    private const string Time = $@"{Hour}:[0-5]\d:[0-5]\d(\.\d+)?{Zone}";

    private const string Duration =
        @"P(\d+W|(\d+D|\d+M(\d+D)?|\d+Y(\d+M(\d+D)?)?)(T(\d+H(\d+M(\d+S)?)?|\d+M(\d+S)?|\d+S))?|T(\d+H(\d+M(\d+S)?)?|\d+M(\d+S)?|\d+S))";

    private const string Atoms = @"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*";
    private const string Quoted = "\"([\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\\x20-\\x7E])*\"";
    private const string Email = $@"({Atoms}|{Quoted})@({Ldh}(\.{Ldh})*|\[{Ipv4}\]|\[IPv6:{Ipv6}\])";

    private const string Encoded = "%[0-9A-Fa-f]{2}";
    private const string PathChar = $@"([A-Za-z0-9._~!$&'()*+,;=:@-]|{Encoded})";
    private const string Query = $@"({PathChar}|[/?])*";
    private const string User = $@"([A-Za-z0-9._~!$&'()*+,;=:-]|{Encoded})*";
    private const string Name = $@"([A-Za-z0-9._~!$&'()*+,;=-]|{Encoded})*";
    private const string Host = $@"(\[({Ipv6}|v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\]|{Name})";
    private const string Authority = $@"//({User}@)?{Host}(:\d*)?(/{PathChar}*)*";
    private const string Absolute = $@"/({PathChar}+(/{PathChar}*)*)?";
    private const string Rootless = $@"{PathChar}+(/{PathChar}*)*";
    private const string NoScheme = $@"([A-Za-z0-9._~!$&'()*+,;=@-]|{Encoded})+(/{PathChar}*)*";
    private const string Ends = $@"(\?{Query})?(#{Query})?";
    private const string Uri = $@"[A-Za-z][A-Za-z0-9+.-]*:({Authority}|{Absolute}|{Rootless})?{Ends}";
    private const string UriReference = $@"({Uri}|({Authority}|{Absolute}|{NoScheme})?{Ends})";
    private const string Pointer = "(/([^~/]|~[01])*)*";

    private static readonly Dictionary<string, Func<CharDfa>> Makers = new()
    {
        ["date"] = () => Of(Date),
        ["time"] = () => CharNfa.Compile(AnyTime()),
        ["date-time"] = () => CharNfa.Compile(new CharNode.Sequence([RegexParser.Parse(Date + "[Tt]"), AnyTime()])),
        ["duration"] = () => Of(Duration),
        ["email"] = () => Of(Email),
        ["hostname"] = () => CharSets.Intersect(Of(Hostname), CharSets.Length(1, 253)),
        ["ipv4"] = () => Of(Ipv4),
        ["ipv6"] = () => Of(Ipv6),
        ["uuid"] = () => Of("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
        ["uri"] = () => Of(Uri),
        ["uri-reference"] = () => Of(UriReference),
        ["json-pointer"] = () => Of(Pointer),
        ["relative-json-pointer"] = () => Of($"(0|[1-9][0-9]*)(#|{Pointer})"),
    };

    private static readonly ConcurrentDictionary<string, CharDfa> Made = new();

    /// <exception cref="GrammarException">It is none of those that are regular.</exception>
    public static CharDfa Get(string name) => Makers.TryGetValue(name, out var make)
        ? Made.GetOrAdd(name, _ => make())
        : throw new GrammarException($"schema: format {name} is not supported; there are {string.Join(", ", Makers.Keys)}");

    private static CharDfa Of(string regex) => CharNfa.Compile(RegexParser.Parse(regex));

    /// <summary>Second 60 is there only where it is 23:59 UTC, so it ties the offset to the time (RFC 3339, 5.7).</summary>
    private static CharNode.Choice AnyTime()
    {
        const int Day = 24 * 60;
        var options = new List<CharNode> { RegexParser.Parse(Time), RegexParser.Parse(@"23:59:60(\.\d+)?[Zz]") };
        for (int offset = 0; offset < Day; offset++)
        {
            options.Add(CharNode.Text($"{Clock((Day - 1 + offset) % Day)}:60+{Clock(offset)}"));
            options.Add(CharNode.Text($"{Clock((Day - 1 - offset + Day) % Day)}:60-{Clock(offset)}"));
        }
        return new CharNode.Choice(options);

        static string Clock(int minutes) => $"{minutes / 60:00}:{minutes % 60:00}";
    }
}
