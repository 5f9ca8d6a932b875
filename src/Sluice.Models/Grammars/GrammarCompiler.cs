using Sluice.Models.Grammars.Automata;
using Sluice.Models.Grammars.Chars;
using Sluice.Models.Grammars.Gbnf;
using Sluice.Models.Grammars.Masks;
using Sluice.Models.Grammars.Schemas;

namespace Sluice.Models.Grammars;

/// <summary>Turns grammars of every kind into the nodes of one automaton.</summary>
internal sealed class GrammarCompiler(LexemeMasks lexemes)
{
    private const int MaxLength = 1 << 20;
    private const int MaxRepeats = 1000;

    private static readonly CharDfa Sections = CharNfa.Compile(RegexParser.Parse(@"<!\[CDATA\[[\s\S]*"));

    /// <exception cref="GrammarException">It does not compile, or asks for what is not supported.</exception>
    public Node Compile(Grammar grammar)
    {
        if (grammar.Key.Length > MaxLength)
            throw new GrammarException($"a grammar of {grammar.Key.Length} characters: {MaxLength} are the most");
        return NodeOf(grammar, Node.Return);
    }

    private Node NodeOf(Grammar grammar, Node then) => grammar switch
    {
        Grammar.Schema schema => new StaticNode(Edge.Call(
            new SchemaNodes(lexemes, schema.Text, schema.AmongTags ? TextForm.TaggedString : TextForm.JsonString).Root, then)),
        Grammar.TaggedText text => Over(
            MarkedTexts.Of(TextsWithout(text.End.TrimStart(), SchemaNodes.Strings(text.Valid)), text.End), "schema: no text is valid", then),
        Grammar.Regex regex => Over(CharNfa.Compile(RegexParser.Parse(regex.Pattern)), "the regex matches no text", then),
        Grammar.Gbnf gbnf => new StaticNode(Edge.Call(new GbnfNodes(lexemes, GbnfParser.Parse(gbnf.Text)).Root, then)),
        Grammar.Choices choices => Over(CharSets.Of(choices.Texts), "there are no choices", then),
        Grammar.Literal literal => Over(CharSets.Of([literal.Text]), "", then),
        Grammar.Sequence sequence => sequence.Parts.Reverse().Aggregate(then, (next, part) => NodeOf(part, next)),
        Grammar.Either either => new StaticNode([.. either.Options.Select(option => Edge.To(NodeOf(option, then)))]),
        Grammar.Repeat repeat => RepeatOf(repeat, then),
        _ => throw new GrammarException($"unknown kind of grammar {grammar.GetType().Name}"),
    };

    private Node RepeatOf(Grammar.Repeat repeat, Node then)
    {
        if (repeat.Least > MaxRepeats || repeat.Most > MaxRepeats)
            throw new GrammarException($"a grammar is repeated more than {MaxRepeats} times");
        return StaticNode.Repeat(repeat.Least, repeat.Most, then, next => NodeOf(repeat.Body, next), () => new StaticNode());
    }

    private static CharDfa TextsWithout(string tag, CharDfa texts)
    {
        var any = new CharNode.Repeat(new CharNode.One(CharRanges.All), 0, null);
        var tagged = CharNfa.Compile(new CharNode.Sequence([any, CharNode.Text(tag), any]));
        return CharSets.Except(CharSets.Except(texts, tagged), Sections);
    }

    private StaticNode Over(CharDfa chars, string empty, Node then) =>
        chars.IsEmpty ? throw new GrammarException(empty) : new StaticNode(Edge.Over(lexemes.Lexeme(chars, TextForm.Plain), then));
}
