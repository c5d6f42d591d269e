using BlockList.Server.Access;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Data;

internal sealed partial class BlockListDb
{
    public DbSet<Agency> Agencies => Set<Agency>();

    public DbSet<Person> People => Set<Person>();

    public DbSet<Credential> Credentials => Set<Credential>();

    public DbSet<Passkey> Passkeys => Set<Passkey>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<BrowserSession> BrowserSessions => Set<BrowserSession>();

    static partial void MapAccess(ModelBuilder model)
    {
        model.Entity<Agency>().ToTable("agency", "access");
        // The keys are the database's; they are told here so that rows are written in their order.
        model.Entity<Person>(person =>
        {
            person.ToTable("person", "access");
            person.Property(p => p.Keys).HasColumnType("jsonb");
            person.Property(p => p.Handle).HasDefaultValueSql("gen_random_uuid()");
            person.Property(p => p.CreatedAt).HasDefaultValueSql("clock_timestamp()");
            person.HasOne<Agency>().WithMany().HasForeignKey(p => p.Agency);
        });
        model.Entity<Credential>(credential =>
        {
            credential.ToTable("credential", "access");
            credential.HasOne<Person>().WithMany().HasForeignKey(c => c.Person);
        });
        model.Entity<Passkey>(passkey =>
        {
            passkey.ToTable("passkey", "access");
            passkey.Property(p => p.CreatedAt).HasDefaultValueSql("clock_timestamp()");
            passkey.HasOne<Person>().WithMany().HasForeignKey(p => p.Person);
        });
        model.Entity<Invitation>(invitation =>
        {
            invitation.ToTable("invitation", "access");
            invitation.HasOne<Person>().WithMany().HasForeignKey(i => i.Person);
        });
        model.Entity<BrowserSession>(session =>
        {
            session.ToTable("session", "access");
            session.HasOne<Person>().WithMany().HasForeignKey(s => s.Person);
        });
    }
}
