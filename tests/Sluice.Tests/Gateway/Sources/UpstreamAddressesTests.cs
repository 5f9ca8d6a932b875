using System.Net;
using Sluice.Gateway.Sources;

namespace Sluice.Tests.Gateway.Sources;

public sealed class UpstreamAddressesTests
{
    [Theory]
    [InlineData("api.example.com", "93.184.216.34", true, true)]
    [InlineData("api.example.com", "2606:2800:220:1::1", true, true)]
    [InlineData("api.example.com", "10.1.2.3", false, true)]
    [InlineData("api.example.com", "172.16.0.1", false, true)]
    [InlineData("api.example.com", "172.32.0.1", true, true)]
    [InlineData("api.example.com", "192.168.1.1", false, true)]
    [InlineData("api.example.com", "100.64.0.1", false, true)]
    [InlineData("api.example.com", "127.0.0.1", false, true)]
    [InlineData("api.example.com", "0.0.0.0", false, true)]
    [InlineData("api.example.com", "::1", false, true)]
    [InlineData("api.example.com", "::", false, true)]
    [InlineData("api.example.com", "fd12::1", false, true)]
    [InlineData("api.example.com", "::ffff:10.0.0.1", false, true)]
    [InlineData("api.example.com", "64:ff9b::a00:1", false, true)]
    [InlineData("api.example.com", "169.254.169.254", false, false)]
    [InlineData("api.example.com", "::ffff:169.254.169.254", false, false)]
    [InlineData("api.example.com", "fe80::1", false, false)]
    [InlineData("api.example.com", "fd00:ec2::254", false, false)]
    [InlineData("api.example.com", "100.100.100.200", false, false)]
    [InlineData("api.example.com", "168.63.129.16", false, false)]
    [InlineData("localhost", "127.0.0.1", true, true)]
    [InlineData("localhost", "::1", true, true)]
    [InlineData("localhost", "10.0.0.1", false, true)]
    [InlineData("10.1.2.3", "10.1.2.3", true, true)]
    [InlineData("127.0.0.1", "127.0.0.1", true, true)]
    [InlineData("169.254.169.254", "169.254.169.254", false, true)]
    public void Allows_NameAndWhereItLeads_OnlyWhatIsMeant(string host, string address, bool plainly, bool withPermission)
    {
        Assert.Equal(plainly, new UpstreamAddresses("s", allowPrivate: false).Allows(host, IPAddress.Parse(address)));
        Assert.Equal(withPermission, new UpstreamAddresses("s", allowPrivate: true).Allows(host, IPAddress.Parse(address)));
    }
}
