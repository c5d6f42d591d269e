using BlockList.Server.Access;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Data;

internal sealed partial class BlockListDb
{
    public DbSet<Agency> Agencies => Set<Agency>();

    public DbSet<Person> People => Set<Person>();

    public DbSet<Credential> Credentials => Set<Credential>();

    static partial void MapAccess(ModelBuilder model)
    {
        model.Entity<Agency>().ToTable("agency", "access");
        model.Entity<Person>().ToTable("person", "access");
        model.Entity<Credential>().ToTable("credential", "access");
    }
}
