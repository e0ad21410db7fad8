using OrleansPool.Core.Budget;
using OrleansPool.Core.Limits;
using OrleansPool.Core.Limits.Laws;

namespace OrleansPool.Core.Tests.Budget;

/// <summary>One authority and its holders on one clock, with messages that arrive at once unless a test keeps them.</summary>
internal sealed class BudgetUnderTest
{
    private readonly Dictionary<string, BudgetHolder> _holders = [];

    public BudgetUnderTest(BudgetSettings? settings = null, bool mustLearn = false)
    {
        Settings = settings ?? SettingsOf(limit: 100, cap: 40);
        Authority = NewAuthority(epoch: 1, mustLearn);
    }

    public BudgetSettings Settings { get; }

    public BudgetAuthority Authority { get; set; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    public static BudgetSettings SettingsOf(int limit, int cap, int callsPerChannel = 10) => new()
    {
        Endpoint = "orders",
        Cap = cap,
        CallsPerChannel = callsPerChannel,
        Bounds = new LimitBounds(1, limit, limit),
    };

    public BudgetAuthority NewAuthority(long epoch, bool mustLearn, IReadOnlyList<HolderRecord>? inherited = null) =>
        new(Settings, new LimitController(new FixedLaw(), Settings.Bounds, Now), epoch, Now, mustLearn, inherited);

    /// <summary>A holder of that name; a client where the name begins so.</summary>
    public BudgetHolder Holder(string name, long generation = 1)
    {
        if (!_holders.TryGetValue($"{name}/{generation}", out var holder))
            _holders.Add($"{name}/{generation}", holder = new BudgetHolder(Settings, name, generation, isClient: name.StartsWith("client", StringComparison.Ordinal)));
        return holder;
    }

    /// <summary>The holder asks with as many calls in flight and connections open as given, and gets the answer.</summary>
    public RenewReply Renew(string name, int inFlight = 0, int waiting = 0, int open = 0, int min = 0, long generation = 1, int cap = 0, bool isDraining = false)
    {
        var reply = Authority.Renew(Request(name, inFlight, waiting, open, min, generation, cap, isDraining), Now);
        Assert.NotNull(reply);
        Assert.True(Holder(name, generation).Accept(reply, Now));
        return reply;
    }

    public RenewRequest Request(string name, int inFlight = 0, int waiting = 0, int open = 0, int min = 0, long generation = 1, int cap = 0, bool isDraining = false) =>
        Holder(name, generation).Compose(open, new HolderDemand(inFlight, waiting, inFlight + waiting, min, cap, isDraining), sample: null, Now);

    public HolderAllowance Allowance(string name, long generation = 1) => Holder(name, generation).Allowance(Now);

    public void Pass(TimeSpan span) => Now += span;

    public void Pass(double seconds) => Pass(TimeSpan.FromSeconds(seconds));
}
