using Xunit;

namespace BlockList.Server.Tests.Failures;

[CollectionDefinition(BrittleCluster.Collection)]
public sealed class InTurns : ICollectionFixture<BrittleCluster>;
