using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlockList.Server.Data.Migrations;

[DbContext(typeof(BlockListDb)), Migration("0008_register")]
internal sealed class Register : SqlMigration;
