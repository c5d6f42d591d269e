namespace BlockList.Agent.Tests.Packaging;

/// <summary>The tests that share one machine, one after the other.</summary>
[CollectionDefinition(nameof(MachineInService))]
public sealed class SharedMachine : ICollectionFixture<MachineInService>;
