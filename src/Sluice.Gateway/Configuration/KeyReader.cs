using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace Sluice.Gateway.Configuration;

/// <summary>Reads the keys of clients, and who gets in without one.</summary>
internal static class KeyReader
{
    private const string HashForm = "sha256:";
    private const int HashBytes = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private static readonly FrozenDictionary<string, KeyRole> Roles = new Dictionary<string, KeyRole>
    {
        ["admin"] = KeyRole.Admin,
        ["operator"] = KeyRole.Operator,
        ["developer"] = KeyRole.Developer,
        ["viewer"] = KeyRole.Viewer,
    }.ToFrozenDictionary();

    public static IReadOnlyList<KeyConfig> ReadAll(Section root)
    {
        var names = new UniqueNames("key");
        IReadOnlyList<Section> sections = root.FindSections("keys",
            ["name", "role", "hash", "expires", "priority", "limits"], ("tenant", "there are no tenants; give limits to the key"));
        return [.. sections.Select(section => new KeyConfig(
            names.Take(section), section.FindChoice("role", Roles) ?? KeyRole.Developer, ReadHash(section), ReadExpiry(section),
            section.FindInteger("priority", -100, 100) ?? 0, LimitsReader.Read(section)))];
    }

    public static bool ReadAnonymous(Section root, IReadOnlyList<KeyConfig> keys)
    {
        Section? access = root.FindSection("access", ["anonymous", "roles"], ("jwt", "use keys"));
        bool anonymous = access?.FindFlag("anonymous") ?? keys.Count == 0;
        if (!anonymous && keys.Count == 0)
            throw access!.Error("anonymous", "nobody could get in: there are no keys; 'sluice admin keys new' makes one");
        foreach (string role in access?.FindTexts("roles") ?? [])
        {
            if (!Roles.ContainsKey(role))
                throw access!.Error("roles", $"there is no role '{role}'; roles are {string.Join(", ", Roles.Keys)}");
        }
        if (access?.FindTexts("roles") is { Count: > 0 } allowed)
            RefuseOtherRoles(access, keys, allowed);
        return anonymous;
    }

    private static void RefuseOtherRoles(Section access, IReadOnlyList<KeyConfig> keys, IReadOnlyList<string> allowed)
    {
        foreach (KeyConfig key in keys)
        {
            if (!allowed.Any(role => Roles[role] == key.Role))
                throw access.Error("roles", $"the key '{key.Name}' has a role that is not among them");
        }
    }

    private static byte[] ReadHash(Section section)
    {
        string text = section.RequireText("hash");
        bool isHash = text.StartsWith(HashForm, StringComparison.Ordinal) && text.Length == HashForm.Length + (2 * HashBytes)
            && !text.AsSpan(HashForm.Length).ContainsAnyExcept(HexDigits);
        return isHash ? Convert.FromHexString(text.AsSpan(HashForm.Length)) : throw section.Error(
            "hash", "sha256: and 64 lower-case hexadecimal digits, as 'sluice admin keys new' prints them");
    }

    private static DateTimeOffset? ReadExpiry(Section section) => section.FindText("expires") is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset expiry)
            ? expiry
            : throw section.Error("expires", $"a date such as 2027-01-01, not '{text}'");
}
