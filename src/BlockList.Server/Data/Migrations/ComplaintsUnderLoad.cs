using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlockList.Server.Data.Migrations;

[DbContext(typeof(BlockListDb)), Migration("0022_complaints_under_load")]
internal sealed class ComplaintsUnderLoad : SqlMigration;
