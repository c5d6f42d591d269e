using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlockList.Server.Data.Migrations;

[DbContext(typeof(BlockListDb)), Migration("0001_straight_path")]
internal sealed class StraightPath : SqlMigration;
