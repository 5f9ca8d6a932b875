using System.Diagnostics.CodeAnalysis;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Http.Fakes;

/// <summary>A reservation that tells its source when it is given back.</summary>
internal sealed class FakePrepared : Prepared
{
    public const int Tokens = 7;

    private readonly ScriptedSource _source;

    [SetsRequiredMembers]
    public FakePrepared(ScriptedSource source, Request request, RequestContext context) : base(request, context)
    {
        _source = source;
        PromptTokens = Tokens;
    }

    public override void Dispose() => _source.Release();
}
