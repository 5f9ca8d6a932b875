using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;
using System.Security.Cryptography;

namespace Sluice.Gateway.Routing;

/// <summary>
/// A policy that comes from outside: the one public class of an assembly that implements <see cref="IRoutingPolicy"/>. What it needs is
/// taken from this process, then from beside it. Each load is a copy of its own, so that a new build of the file can be loaded beside the
/// old one, whose memory goes with the last request that it routes.
/// </summary>
internal sealed class PolicyPlugin : IRoutingPolicy
{
    private readonly IRoutingPolicy _policy;

    private PolicyPlugin(string file, string hash, IRoutingPolicy policy) => (File, Hash, _policy) = (file, hash, policy);

    public string File { get; }

    /// <summary>Of the assembly's bytes: the same for the same build.</summary>
    public string Hash { get; }

    /// <summary>Not in a build that was trimmed: what only a plugin calls was left out of it.</summary>
    [FeatureSwitchDefinition("Sluice.Gateway.Plugins")]
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
#pragma warning disable IL4000 // the analyzer cannot see that a trimmed build sets the switch
    public static bool IsSupported => !AppContext.TryGetSwitch("Sluice.Gateway.Plugins", out bool on) || on;
#pragma warning restore IL4000

    /// <summary>Loads the assembly and makes one policy of its class.</summary>
    /// <param name="file">Absolute.</param>
    /// <exception cref="PolicyPluginException">It cannot be read, is no assembly, has not exactly one such class, or that one's constructor throws.</exception>
    [RequiresUnreferencedCode("A trimmed build may lack what the plugin calls.")]
    public static PolicyPlugin Load(string file)
    {
        try
        {
            byte[] image = System.IO.File.ReadAllBytes(file);
            var context = new AssemblyLoadContext(file, isCollectible: true);
            context.Resolving += LoadFromBeside;
            Type type = TheOneIn(context.LoadFromStream(new MemoryStream(image)));
            var policy = (IRoutingPolicy)Activator.CreateInstance(type)!;
            return new PolicyPlugin(file, Convert.ToHexString(SHA256.HashData(image)), policy);
        }
        catch (TargetInvocationException thrown)
        {
            throw new PolicyPluginException($"the constructor of its policy failed: {thrown.InnerException!.Message}", thrown.InnerException);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException or TypeLoadException or TypeInitializationException
            or ReflectionTypeLoadException or MissingMemberException)
        {
            throw new PolicyPluginException($"it cannot be loaded: {e.Message}", e);
        }
    }

    public int Choose(RouteRequest request, ReadOnlySpan<Candidate> candidates, Chance chance)
    {
        int chosen = _policy.Choose(request, candidates, chance);
        return (uint)chosen < (uint)candidates.Length ? chosen : throw new InvalidOperationException(
            $"the policy of {File} chose member {chosen} of {candidates.Length}, counted from 0");
    }

    public bool MayProbe(RouteRequest request, in Candidate candidate) => _policy.MayProbe(request, candidate);

    [RequiresUnreferencedCode("A trimmed build may lack what the plugin calls.")]
    private static Type TheOneIn(Assembly assembly)
    {
        Type[] found = [.. assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
            && type.IsAssignableTo(typeof(IRoutingPolicy)) && type.GetConstructor(Type.EmptyTypes) is not null)];
        return found is [var one] ? one : throw new PolicyPluginException(
            $"one public class with a constructor without parameters has to implement {typeof(IRoutingPolicy).FullName}; "
            + (found.Length == 0 ? "there is none" : $"there are {string.Join(", ", found.Select(type => type.FullName))}"));
    }

    /// <summary>Called for what this process does not have.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only Load adds it to a context, which needs the same.")]
    private static Assembly? LoadFromBeside(AssemblyLoadContext context, AssemblyName name)
    {
        string beside = Path.Combine(Path.GetDirectoryName(context.Name)!, $"{name.Name}.dll");
        return System.IO.File.Exists(beside) ? context.LoadFromStream(new MemoryStream(System.IO.File.ReadAllBytes(beside))) : null;
    }
}
