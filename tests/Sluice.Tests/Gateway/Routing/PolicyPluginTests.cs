using System.Reflection;
using System.Reflection.Emit;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Requests;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Routing;

/// <summary>Policies from an assembly: the sample's, and what is wrong with those that cannot be used.</summary>
public sealed class PolicyPluginTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-plugins-").FullName;

    public PolicyPluginTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "plugins"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "NearestPolicy.dll"), PathOf("nearest"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Create_TheSample_SendsEachRegionToItsOwn()
    {
        GatewayConfig config = Parse("nearest");
        Assert.Contains(PathOf("nearest"), config.Files);
        IRoutingPolicy policy = PolicyRegistry.Create(config.Pools[0]);
        Candidate[] candidates =
            [Ask.Member(0, inFlight: 1), Ask.Member(1, inFlight: 9) with { Tags = ["east"] }, Ask.Member(2, inFlight: 7) with { Tags = ["east"] }];
        Assert.Equal(2, policy.Choose(InRegion("east"), candidates, new Chance(1)));
        Assert.Equal(0, policy.Choose(InRegion("west"), candidates, new Chance(1)));
        Assert.Equal(0, policy.Choose(InRegion(null), candidates, new Chance(1)));
        Assert.True(policy.MayProbe(InRegion("west"), candidates[1]));
    }

    [Fact]
    public void Parse_AnotherBuildUnderTheSameName_IsAnotherPool()
    {
        string before = Parse("nearest").Pools[0].Fingerprint;
        Assert.Equal(before, Parse("nearest").Pools[0].Fingerprint);
        Write("nearest", ("Other", Choosing(0)));
        PoolConfig changed = Parse("nearest").Pools[0];
        Assert.NotEqual(before, changed.Fingerprint);
        Assert.Equal(0, PolicyRegistry.Create(changed).Choose(InRegion(null), [Ask.Member(0, inFlight: 9), Ask.Member(1)], new Chance(1)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void Choose_NoneOfTheCandidates_IsSaidWithTheFile(int chosen)
    {
        Write("wrong", ("Wrong", Choosing(chosen)));
        IRoutingPolicy policy = PolicyRegistry.Create(Parse("wrong").Pools[0]);
        var fault = Assert.Throws<InvalidOperationException>(
            () => policy.Choose(InRegion(null), [Ask.Member(0), Ask.Member(1), Ask.Member(2)], new Chance(1)));
        Assert.Contains("wrong.dll chose member " + chosen, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complete_PolicyFails_FailsThatRequestAlone()
    {
        await using PoolRig rig = await PoolRig.StartAsync(["a", "b"]);
        PoolConfig pool = rig.Gateway.Current.Config.Pools[0];
        Write("wrong", ("Wrong", Choosing(9)));
        GatewayConfig broken = rig.Gateway.Current.Config with
        {
            Pools = [pool with { Policy = "plugin:wrong", Plugin = Parse("wrong").Pools[0].Plugin, Fingerprint = "broken" }],
        };
        await rig.Gateway.ChangeAsync(broken, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.RunAsync(rig.AskAsync()));
        await rig.Gateway.ChangeAsync(broken with { Pools = [pool] }, TestContext.Current.CancellationToken);
        Assert.EndsWith("!", await rig.RunAsync(rig.AskAsync()));
    }

    [Theory]
    [InlineData("absent", "it cannot be loaded: Could not find file")]
    [InlineData("text", "it cannot be loaded: Bad IL format")]
    [InlineData("none", "there is none")]
    [InlineData("two", "there are One, Two")]
    [InlineData("throws", "the constructor of its policy failed")]
    [InlineData("../nearest", "is no name of a plugin")]
    [InlineData("..", "is no name of a plugin")]
    [InlineData("a b", "is no name of a plugin")]
    public void Parse_NoUsablePlugin_IsSaidWithItsLine(string name, string problem)
    {
        File.WriteAllText(PathOf("text"), "This is no assembly.");
        File.Copy(typeof(NearestPolicy.NearestPolicy).GetInterfaces()[0].Assembly.Location, PathOf("none"));
        Write("two", ("One", Choosing(0)), ("Two", Choosing(0)));
        Write("throws", ("Throws", null));
        var refused = Assert.Throws<ConfigException>(() => Parse(name));
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Equal(5, refused.Line);
    }

    private GatewayConfig Parse(string plugin) => GatewayConfig.Parse(Path.Combine(_folder, "pool.yaml"), $$"""
        sources:
          - { name: local, kind: engine, model: demo }
        pools:
          - name: chat
            policy: plugin:{{plugin}}
            members: [{ source: local }]
        """);

    private string PathOf(string plugin) => Path.Combine(_folder, "plugins", $"{plugin}.dll");

    private static RouteRequest InRegion(string? region) =>
        new(null, new RequestContext("r") { Header = name => name == "x-region" ? region : null }, 10);

    private static Action<ILGenerator> Choosing(int index) => code =>
    {
        code.Emit(OpCodes.Ldc_I4, index);
        code.Emit(OpCodes.Ret);
    };

    /// <summary>Writes an assembly with policies of the given names and bodies of <c>Choose</c>; null throws when it is made.</summary>
    private void Write(string plugin, params (string Name, Action<ILGenerator>? Choose)[] policies)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(plugin), typeof(object).Assembly);
        ModuleBuilder module = assembly.DefineDynamicModule(plugin);
        foreach ((string name, Action<ILGenerator>? choose) in policies)
        {
            TypeBuilder type = module.DefineType(name, TypeAttributes.Public | TypeAttributes.Class, typeof(object), [typeof(IRoutingPolicy)]);
            if (choose is null)
                Throw(type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, Type.EmptyTypes).GetILGenerator());
            else
                type.DefineDefaultConstructor(MethodAttributes.Public);
            ILGenerator body = type.DefineMethod(nameof(IRoutingPolicy.Choose), MethodAttributes.Public | MethodAttributes.Virtual, typeof(int),
                [typeof(RouteRequest), typeof(ReadOnlySpan<Candidate>), typeof(Chance)]).GetILGenerator();
            (choose ?? Throw)(body);
            type.CreateType();
        }
        assembly.Save(PathOf(plugin));
    }

    private static void Throw(ILGenerator code)
    {
        code.Emit(OpCodes.Newobj, typeof(NotSupportedException).GetConstructor(Type.EmptyTypes)!);
        code.Emit(OpCodes.Throw);
    }
}
