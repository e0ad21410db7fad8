using System.Collections.Immutable;
using System.Net;

namespace OrleansPool.Cluster.Tests.Forwarding;

/// <summary>A cluster whose members are the test's decision, seen by the silo <see cref="SiloAddress"/>.</summary>
internal sealed class ScriptedMembership : IClusterMembershipService, ILocalSiloDetails
{
    private readonly Dictionary<SiloAddress, SiloStatus> _members = [];
    private int _version;

    public ScriptedMembership() => Set(SiloAddress, SiloStatus.Active);

    public ClusterMembershipSnapshot CurrentSnapshot { get; private set; } = null!;

    public SiloAddress SiloAddress { get; } = Silo(1);

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

    public string Name => "this";

    public string ClusterId => "test";

    public string DnsHostName => "localhost";

    public SiloAddress GatewayAddress => SiloAddress;

    /// <summary>The silo 10.0.0.<paramref name="number"/>, in one of its runs.</summary>
    public static SiloAddress Silo(int number, int run = 1) => SiloAddress.New(new IPEndPoint(new IPAddress([10, 0, 0, (byte)number]), 11111), run);

    public void Set(SiloAddress silo, SiloStatus status)
    {
        _members[silo] = status;
        var members = _members.ToImmutableDictionary(member => member.Key, member => new ClusterMember(member.Key, member.Value, $"{member.Key}"));
        CurrentSnapshot = new ClusterMembershipSnapshot(members, new MembershipVersion(++_version));
    }

    public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
}
