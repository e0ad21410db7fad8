// One cluster at a time: several at once would starve each other's heartbeats on a small machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
