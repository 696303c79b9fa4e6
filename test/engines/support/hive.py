"""Runs statements on Spark with Hive's catalog, which takes Athena's DDL as it is.

In:  a JSON list of statements on standard input; `SET key=value` among them holds from there on.
Out: a JSON list, for each statement the list of its rows; integers that JSON's readers round are text.
"""
import json
import sys
import tempfile

from pyspark.sql import SparkSession


def plain(value):
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return value if abs(value) < 2**53 else str(value)


def main():
    work = tempfile.mkdtemp(prefix="chatlake-hive-")
    options = f"-Duser.timezone=UTC -Dderby.system.home={work} -Dderby.stream.error.file={work}/derby.log"
    builder = SparkSession.builder.master("local[2]").appName("chatlake")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.sql.session.timeZone": "UTC",
        # Else '${context_date}' in a table's properties is replaced by nothing.
        "spark.sql.variable.substitute": "false",
        "spark.driver.extraJavaOptions": options,
        "spark.sql.warehouse.dir": f"{work}/warehouse",
        "spark.hadoop.javax.jdo.option.ConnectionURL": f"jdbc:derby:{work}/metastore;create=true",
        "spark.sql.shuffle.partitions": "2",
    }.items():
        builder = builder.config(key, value)
    spark = builder.enableHiveSupport().getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    answers = []
    for statement in json.load(sys.stdin):
        rows = spark.sql(statement).collect()
        answers.append([[plain(value) for value in row] for row in rows])
    spark.stop()
    print(json.dumps(answers, default=str))


main()
