namespace Sluice.Gateway.Sources;

/// <summary>
/// Azure OpenAI. A model is a deployment and part of the path, under a dated version of the API; a URL that ends with <c>/v1</c> is its newer
/// form, which has OpenAI's own paths.
/// </summary>
internal static class AzureKind
{
    private const string DefaultVersion = "2024-10-21";

    public static readonly RemoteKind Kind = OpenAiKind.Kind with
    {
        DefaultPath = "",
        Authorise = static (request, key) => request.Headers.TryAddWithoutValidation("api-key", key),
        Locate = static (remote, model, path) =>
        {
            string url = remote.Url.AbsoluteUri.TrimEnd('/');
            if (HasOwnPaths(remote.Url))
                return url + path;
            string version = Uri.EscapeDataString(remote.ApiVersion ?? DefaultVersion);
            return model.Length == 0
                ? $"{url}/openai{path}?api-version={version}"
                : $"{url}/openai/deployments/{Uri.EscapeDataString(model)}{path}?api-version={version}";
        },
    };

    /// <summary>Whether the URL is the newer form, which has no versions.</summary>
    public static bool HasOwnPaths(Uri url) => url.AbsoluteUri.TrimEnd('/').EndsWith("/v1", StringComparison.Ordinal);
}
